/** What of the config may stand on the public board? Waters, sections and goals; no person, no telephone, no value. */
import type { Site } from '../../domain/site.js';

/** The board without its figures. */
export function publicBoard(site: Site) {
  const stations = [...site.stations.values()].filter((station) => station.active && station.medium === 'surface-water');
  return {
    name: site.name,
    nameEn: site.nameEn,
    publisher: site.office,
    approver: site.approver ?? null,
    reaches: [...site.reaches.values()].map(({ id, name }) => ({
      id,
      name,
      sections: stations
        .filter(({ reach }) => reach === name)
        .map((station) => ({ name: station.name, targetClass: station.binding?.class ?? null })),
    })),
    targets: site.targets
      .filter(({ kind }) => kind === 'target')
      .map((target) => ({ name: target.name, nameEn: target.nameEn, goal: target.goal })),
  };
}
