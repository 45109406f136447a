/** Ways of changing several files at once, and files that are reached through links. */
import type { Edit } from './edit.ts'

const playing = (text: string): string => text.replace('bye: { play: sound.wav', 'bye: { play: other.wav')
const calls = (sound: string): string => `calls:\n  - { name: x, steps: [{ ivr: sound.wav }, { press: 2 }, { connect: "+46701740699" }, { line: busy }, { play: ${sound} }, end] }\n`
const steps: Readonly<Record<string, string>> = {
  flow: 'cp "$NEW" "$OUT/x"; mv "$OUT/x" menu.yaml', sound: 'cp "$OTHER" other.wav', calls: 'sed "s/play: sound.wav/play: other.wav/" menu.calls.yaml > "$OUT/c"; mv "$OUT/c" menu.calls.yaml',
}
const orders = ['flow sound calls', 'flow calls sound', 'sound flow calls', 'sound calls flow', 'calls flow sound', 'calls sound flow']
const three = orders.flatMap((order, index) => ['0', '0.02', '0.06', '0.5'].map((gap, at): Edit => ({
  name: `only together: ${order.replaceAll(' ', ', ')}, ${gap} s apart`, fresh: playing, beside: () => ({ 'menu.calls.yaml': calls('sound.wav') }),
  edit: `rm -f other.wav; ${order.split(' ').map(step => steps[step]).join(`; sleep ${gap}; `)}`,
  further: 'rm -f menu.calls.yaml; cp "$NEW" "$OUT/x"; mv "$OUT/x" menu.yaml',
  // each gap with some orders, each order with some gap
  ...(index % 4 === at || (index === 0 && at === 3) ? {} : { full: true as const }),
})))

/** A repository whose branch `next` has other texts in so many flows. */
const repository = (count: number): string => `
mkdir flows && cd flows && cp "$SOUND" sound.wav && cp "$BASE" menu.yaml
for i in $(seq ${count}); do cp "$BASE" f$i.yaml; done
git init -q -b main . && git config user.email a@b.c && git config user.name a && git config gc.auto 0 && git add -A && git commit -qm base
git checkout -q -b next && for f in *.yaml; do cp "$NEW" $f; done && git commit -qam next && git checkout -q main`
const manyOf = (count: number, text: string): Record<string, string> => Object.fromEntries(['menu', ...Array.from({ length: count }, (_, i) => `f${i + 1}`)].map(name => [name, text]))
const git = (name: string, edit: string, count = 10, more: Partial<Edit> = {}): Edit => ({ name, needs: 'git', layout: repository(count), edit, ends: ({ fresh }) => manyOf(count, fresh), ...more })

const SWAP = 'mkdir ..2 && cp "$NEW" ..2/menu.yaml && cp "$SOUND" ..2/sound.wav && ln -s ..2 ..data_tmp && mv -T ..data_tmp ..data && rm -rf ..1'
const mounted = 'mkdir flows && cd flows && mkdir ..1 && cp "$BASE" ..1/menu.yaml && cp "$SOUND" ..1/sound.wav && ln -s ..1 ..data && ln -s ..data/menu.yaml menu.yaml && ln -s ..data/sound.wav sound.wav'
const again = 'd=..f$RANDOM && mkdir $d && cp "$NEW" $d/menu.yaml && cp "$SOUND" $d/sound.wav && ln -s $d ..data_tmp && mv -T ..data_tmp ..data'
const linked = 'mkdir flows elsewhere && cp "$SOUND" flows/sound.wav && cp "$BASE" elsewhere/menu.yaml && ln -s ../elsewhere/menu.yaml flows/menu.yaml'
const plain = 'mkdir flows && cp "$SOUND" flows/sound.wav && cp "$BASE" flows/menu.yaml'

export const SEVERAL: readonly Edit[] = [
  ...three,
  git('git checkout of 10 files', 'git checkout -q next'),
  git('git checkout of 500 files', 'git checkout -q next', 500),
  git('git pull', 'git clone -q . ../far; git -C ../far checkout -q -B main origin/next; git pull -q --ff-only ../far main'),
  git('git rebase', 'git checkout -q -b mine; git commit -q --allow-empty -m mine; git rebase -q next'),
  git('git stash, and pop', 'for f in *.yaml; do cp "$NEW" $f; done; git stash -q; git stash pop -q', 10, { between: ({ base }) => [manyOf(10, base)], swaps: [1, 3] }),
  git('git reset --hard', 'git reset -q --hard next'),
  git('a checkout stopped half-way, its lock left behind', ': > .git/index.lock; for i in 1 2 3 4 5; do cp "$NEW" f$i.yaml; done', 10, { ends: ({ base, fresh }) => ({ ...manyOf(10, base), ...Object.fromEntries([1, 2, 3, 4, 5].map(i => [`f${i}`, fresh])) }) }),
  { name: 'a new folder with a file at once', fresh: text => text.replace('bye: { play: sound.wav', 'bye: { play: more/new.wav'), edit: 'mkdir -p more && cp "$OTHER" more/new.wav; cp "$NEW" "$OUT/x"; mv "$OUT/x" menu.yaml' },
  { name: 'rm -rf and copy', edit: 'cp -r . "$OUT/all"; rm -rf ./*; cp "$OUT/all/"*.wav .; cp "$NEW" menu.yaml; rm -rf "$OUT/all"' },
  { name: 'the folder swapped by two renames', layout: plain, edit: 'cp -r . ../copy; cp "$NEW" ../copy/menu.yaml; mv ../flows ../old; mv ../copy ../flows' },
  { name: 'the folder removed and copied again', layout: plain, edit: 'cp -r . ../copy; cp "$NEW" ../copy/menu.yaml; cd ..; rm -rf flows; sleep $P; cp -r copy flows' },
  { name: 'untar', edit: 'mkdir -p "$OUT/t"; cp "$NEW" "$OUT/t/menu.yaml"; tar -C "$OUT/t" -cf "$OUT/t.tar" menu.yaml; tar -xf "$OUT/t.tar"; rm -rf "$OUT/t" "$OUT/t.tar"' },
  { name: '10,000 files that are no flows', layout: plain, edit: 'for i in $(seq 10000); do : > junk-$i.txt; done', ends: 'same' },
  { name: 'Kubernetes', layout: mounted, edit: SWAP, further: again },
  { name: 'Kubernetes, twice in a row', layout: mounted, edit: `mkdir ..3 && cp "$BASE" ..3/menu.yaml && echo "# once" >> ..3/menu.yaml && cp "$SOUND" ..3/sound.wav && ln -s ..3 ..data_tmp && mv -T ..data_tmp ..data; ${SWAP}`, further: again, between: ({ base }) => [{ menu: `${base}# once\n` }], swaps: [1, 2] },
  { name: 'current -> releases/2, the old one deleted at once', folder: 'current', layout: 'mkdir -p releases/1 && cp "$BASE" releases/1/menu.yaml && cp "$SOUND" releases/1/sound.wav && ln -s releases/1 current', edit: 'cd "$ROOT"; mkdir releases/2; cp "$NEW" releases/2/menu.yaml; cp "$SOUND" releases/2/sound.wav; ln -sfn releases/2 current; rm -rf releases/1' },
  { name: 'a link in the parent', folder: 'site/flows', layout: 'mkdir -p one/flows && cp "$BASE" one/flows/menu.yaml && cp "$SOUND" one/flows/sound.wav && ln -s one site', edit: 'cd "$ROOT"; cp -r one two; cp "$NEW" two/flows/menu.yaml; ln -s two site.new; mv -T site.new site' },
  { name: 'a linked file, edited', layout: linked, edit: 'cat "$NEW" > ../elsewhere/menu.yaml' },
  { name: 'a linked file, replaced', layout: linked, edit: 'cp "$NEW" ../elsewhere/x; mv ../elsewhere/x ../elsewhere/menu.yaml' },
  { name: 'a linked file, put elsewhere', layout: linked, edit: 'cp "$NEW" ../elsewhere/two.yaml; ln -sfn ../elsewhere/two.yaml menu.yaml' },
  { name: 'a linked file, dangling and mended', layout: linked, edit: 'rm ../elsewhere/menu.yaml; sleep 0.5; cp "$NEW" ../elsewhere/menu.yaml' },
  { name: 'no events at all', layout: plain, preload: 'no-events.js', edit: 'cp "$NEW" "$OUT/x"; mv "$OUT/x" menu.yaml' },
  { name: 'no watches left (inotify limit)', layout: plain, preload: 'no-watches.js', edit: 'cp "$NEW" "$OUT/x"; mv "$OUT/x" menu.yaml' },
]
