// Everything the page says, in the site's three languages, and how it writes numbers and times.
// A key that a language lacks is said in English.

import { remember, remembered } from "./page.js";

const table = {
  // key: [English, Mongolian, Korean]
  language: ["Language", "Хэл", "언어"],
  health: ["health", "төлөв", "상태"],
  metrics: ["metrics", "үзүүлэлт", "지표"],
  limits: ["limits", "хязгаар", "한도"],
  quarantine: ["quarantine", "тусгаарласан", "격리"],
  refusedNames: ["refused names", "татгалзсан нэр", "거부된 이름"],
  unboundNames: ["unbound names", "холбоогүй нэр", "미연결 이름"],

  connecting: ["connecting…", "холбогдож байна…", "연결 중…"],
  alive: ["alive", "хэвийн", "정상"],
  noAnswer: ["service does not answer", "үйлчилгээ хариу өгөхгүй байна", "서비스 응답 없음"],
  messagesPerSecond: ["messages / s", "мессеж / с", "메시지 / 초"],
  pointsPerSecond: ["points / s", "хэмжилт / с", "데이터 / 초"],
  gatewaysAlive: ["gateways alive", "ажиллаж буй гейтвэй", "작동 중 게이트웨이"],
  alarmsToAcknowledge: ["alarms to acknowledge", "баталгаажуулах дохиолол", "확인할 경보"],
  messagesQuarantined: ["messages in quarantine", "тусгаарласан мессеж", "격리된 메시지"],
  spoolLasts: [
    "the spool lasts, if nothing is stored", "хадгалалт зогсвол спул хүрэлцэх хугацаа", "저장이 멈출 때 스풀 여유 시간",
  ],
  laneGivesWay: ["Lane {0} gives way to the others: {1} messages dropped, the last {2}.",
    "{0} эгнээ бусдад зай тавьж байна: {1} мессеж хасагдсан, сүүлд {2}.",
    "레인 {0}이(가) 다른 레인에 자리를 내주는 중: 메시지 {1}건 버림, 마지막 {2}."],
  bytesWaiting: ["bytes waiting to be stored", "хадгалахаар хүлээж буй байт", "저장 대기 바이트"],

  alarms: ["Alarms", "Дохиолол", "경보"],
  operator: ["Operator", "Оператор", "운전원"],
  yourName: ["your name", "таны нэр", "이름"],
  comment: ["Comment", "Тайлбар", "설명"],
  commentHint: ["what you found or will do", "юу олсон, юу хийх", "발견 내용, 조치"],
  search: ["Search", "Хайх", "검색"],
  searchHint: ["tag, name or area", "таг, нэр, талбай", "태그, 이름, 구역"],
  allAreas: ["all areas", "бүх талбай", "모든 구역"],
  allKinds: ["all kinds", "бүх төрөл", "모든 종류"],
  acknowledge: ["Acknowledge", "Батлах", "확인"],
  acknowledgeGroup: ["Acknowledge {0}", "{0}-г батлах", "{0}건 확인"],
  acknowledgeAll: ["Acknowledge all {0} shown", "Харагдаж буй {0}-г батлах", "표시된 {0}건 모두 확인"],
  confirmMany: ["Acknowledge {0} alarms as {1}?", "{0} дохиоллыг {1} нэрээр баталгаажуулах уу?",
    "경보 {0}건을 {1} 이름으로 확인하시겠습니까?"],
  nameMissing: ["Give your name first: what you do is signed.",
    "Эхлээд нэрээ бичнэ үү: үйлдэл бүр нэртэй байна.", "먼저 이름을 입력하세요. 처리에는 이름이 남습니다."],
  acknowledging: ["Acknowledging {0} of {1}…", "{1}-с {0}-г баталгаажуулж байна…", "{1}건 중 {0}건 확인 중…"],
  acknowledgedMany: ["{0} acknowledged.", "{0} баталгаажлаа.", "{0}건 확인됨."],
  refusedSome: ["{0} acknowledged, {1} not: {2}", "{0} баталгаажлаа, {1} болсонгүй: {2}", "{0}건 확인, {1}건 실패: {2}"],
  shownOf: ["{0} of {1} alarms shown.", "{1} дохиоллоос {0} харагдаж байна.", "경보 {1}건 중 {0}건 표시."],
  noAlarms: ["No alarms.", "Дохиолол алга.", "경보 없음."],
  state: ["State", "Төлөв", "상태"],
  asset: ["Asset", "Төхөөрөмж", "설비"],
  what: ["What", "Юу", "내용"],
  valueLimit: ["Value / limit", "Утга / хязгаар", "값 / 한계"],
  since: ["Since", "Эхэлсэн", "시작"],
  high: ["high", "яаралтай", "높음"],
  medium: ["medium", "дунд", "중간"],
  low: ["low", "бага", "낮음"],
  "unacknowledged": ["unacknowledged", "баталгаажаагүй", "미확인"],
  "acknowledged": ["acknowledged", "баталгаажсан", "확인됨"],
  "returned-unacknowledged": ["returned, unacknowledged", "хэвийн болсон, баталгаажаагүй", "복귀, 미확인"],
  covered: ["covered by {0}", "{0} дор", "{0}에 포함"],
  acknowledgedBy: ["{0}, {1}", "{0}, {1}", "{0}, {1}"],
  returnedAt: ["returned {0}", "хэвийн болсон {0}", "복귀 {0}"],
  silentSignals: ["no data from {0} signals", "{0} дохионоос өгөгдөл алга", "신호 {0}개 데이터 없음"],
  stillSilent: ["{0} silent now, {1} returned", "{0} одоо чимээгүй, {1} хэвийн", "{0}개 무신호, {1}개 복귀"],
  show: ["show", "харуулах", "펼치기"],
  hide: ["hide", "нуух", "접기"],

  liveSignals: ["Live signals", "Шууд утгууд", "실시간 신호"],
  signal: ["Signal", "Дохио", "신호"],
  signalHint: ["asset.signal", "төхөөрөмж.дохио", "설비.신호"],
  seriesHint: ["series and field", "цуваа ба талбар", "계열과 필드"],
  addPlot: ["Add plot", "График нэмэх", "그래프 추가"],
  window: ["Window", "Хугацаа", "기간"],
  minutes: ["{0} min", "{0} мин", "{0}분"],
  hours: ["{0} h", "{0} ц", "{0}시간"],
  days: ["{0} d", "{0} өдөр", "{0}일"],
  query: ["query", "асуулга", "쿼리"],
  remove: ["remove", "хасах", "제거"],
  unknownSignal: ["“{0}” is not known; choose a name from the list.", "«{0}» гэж алга; жагсаалтаас сонгоно уу.",
    "“{0}”은(는) 없는 이름입니다. 목록에서 선택하세요."],
  alreadyShown: ["“{0}” is shown already.", "«{0}» аль хэдийн харагдаж байна.", "“{0}”은(는) 이미 표시 중입니다."],
  nothingToPlot: ["Nothing has been stored yet; names appear here with the first points.",
    "Одоогоор хадгалсан зүйл алга; эхний хэмжилттэй хамт нэрс гарна.", "아직 저장된 데이터가 없습니다. 첫 데이터와 함께 이름이 나타납니다."],
  noSamples: ["no samples in this window", "энэ хугацаанд утга алга", "이 기간에 데이터 없음"],
  clockAhead: ["its clock is {0} ahead", "цаг нь {0} түрүүлж байна", "시계가 {0} 빠름"],

  explore: ["Explore", "Судлах", "탐색"],
  console: ["console", "самбар", "콘솔"],
  signals: ["Signals", "Дохионууд", "신호 목록"],
  signalSearchHint: ["name, asset, area or unit", "нэр, төхөөрөмж, талбай, нэгж", "이름, 설비, 구역, 단위"],
  signalsShown: ["{0} of {1} signals", "{1} дохионоос {0}", "신호 {1}개 중 {0}개"],
  signalsMax: ["At most {0} signals at once; remove one first.", "Нэг дор {0} хүртэл дохио; эхлээд нэгийг хасна уу.",
    "한 번에 신호 {0}개까지입니다. 먼저 하나를 제거하세요."],
  lastTime: ["Last", "Сүүлийн", "최근"],
  whole: ["Whole", "Бүтэн", "전체"],
  "period-hour": ["hour", "цаг", "시간"],
  "period-shift": ["shift", "ээлж", "교대"],
  "period-day": ["day", "өдөр", "일"],
  "period-week": ["week", "долоо хоног", "주"],
  "period-month": ["month", "сар", "월"],
  "period-year": ["year", "жил", "년"],
  earlier: ["◀ earlier", "◀ өмнөх", "◀ 이전"],
  later: ["later ▶", "дараах ▶", "다음 ▶"],
  closer: ["closer +", "ойртуулах +", "확대 +"],
  wider: ["wider −", "холдуулах −", "축소 −"],
  fromTime: ["From", "Эхлэл", "시작"],
  toTime: ["To", "Төгсгөл", "끝"],
  zone: ["Time zone", "Цагийн бүс", "시간대"],
  zoneOfSite: ["{0} (site)", "{0} (уурхай)", "{0} (현장)"],
  showRange: ["Show", "Харуулах", "표시"],
  rangeWrong: ["“From” must be before “To”.", "«Эхлэл» нь «Төгсгөл»-өөс өмнө байх ёстой.", "“시작”은 “끝”보다 앞서야 합니다."],
  loading: ["Loading…", "Ачаалж байна…", "불러오는 중…"],
  chooseSignals: ["Choose signals from the list to see them here.", "Жагсаалтаас дохио сонгоно уу.",
    "목록에서 신호를 선택하면 여기에 표시됩니다."],
  noSamplesOf: ["No samples in this range: {0}.", "Энэ хугацаанд утга алга: {0}.", "이 기간에 데이터 없음: {0}."],
  noSamplesHere: ["No samples in this range; the newest is of {0}.", "Энэ хугацаанд утга алга; хамгийн сүүлийнх нь {0}.",
    "이 기간에 데이터가 없습니다. 가장 최근 데이터: {0}."],
  noSamplesAtAll: ["Nothing has been stored of these signals yet.", "Эдгээр дохиогоор хадгалсан утга алга.",
    "이 신호들은 아직 저장된 데이터가 없습니다."],
  goToNewest: ["Go there", "Тийш очих", "이동"],
  plotKeys: ["Drag to move, wheel to zoom, Shift and drag to choose a range. Keys: ← → cursor, Shift ← → move, + − zoom, "
    + "Page Up and Down by a page.",
    "Чирж зөөх, хүрдээр томруулах, Shift дарж чирээд хугацаа сонгох. Товч: ← → заагч, Shift ← → зөөх, + − томруулах, "
    + "Page Up, Down хуудсаар.",
    "끌어서 이동, 휠로 확대, Shift+끌기로 기간 선택. 키: ← → 커서, Shift ← → 이동, + − 확대, Page Up·Down 한 화면씩."],
  plotLabel: ["Plot of {0} from {1} to {2}, {3}", "График: {0}, {1}-с {2} хүртэл, {3}", "그래프: {0}, {1}부터 {2}까지, {3}"],
  mean: ["Mean", "Дундаж", "평균"],
  value: ["Value", "Утга", "값"],
  least: ["Least", "Хамгийн бага", "최소"],
  most: ["Greatest", "Хамгийн их", "최대"],
  samples: ["Samples", "Утгын тоо", "데이터 수"],
  quality: ["Quality", "Чанар", "품질"],
  good: ["good", "сайн", "양호"],
  badOf: ["{0} not good", "{0} нь муу", "{0}개 불량"],
  windowNote: ["Line: mean of each {0}; band: least to greatest.", "Шугам: {0} тутмын дундаж; зурвас: багаас их хүртэл.",
    "선: {0}마다의 평균, 띠: 최소–최대."],
  samplesNote: ["Each sample is drawn.", "Утга бүрийг зурсан.", "모든 데이터를 표시합니다."],
  alarmsNote: ["Alarms in this range: {0}.", "Энэ хугацааны дохиолол: {0}.", "이 기간의 경보: {0}."],
  alarmsCut: ["Not all of them are shown.", "Бүгдийг нь харуулаагүй.", "일부만 표시합니다."],
  download: ["Download samples:", "Утгыг татах:", "데이터 내려받기:"],
  csvLong: ["CSV, a row per sample", "CSV, утга бүр нэг мөр", "CSV, 데이터마다 한 행"],
  csvWide: ["CSV, a column per signal", "CSV, дохио бүр нэг багана", "CSV, 신호마다 한 열"],
  copyLink: ["Copy link", "Холбоос хуулах", "링크 복사"],
  copyQuery: ["Copy query", "Асуулга хуулах", "쿼리 복사"],
  copied: ["Copied.", "Хууллаа.", "복사했습니다."],
  queryShown: ["The query that gave this, for a terminal", "Үүнийг өгсөн асуулга, терминалд", "이 결과의 쿼리 (터미널용)"],

  quarantineTitle: ["Quarantine", "Тусгаарлалт", "격리"],
  reason: ["Reason", "Шалтгаан", "사유"],
  waiting: ["Waiting", "Хүлээж буй", "대기"],
  failedAgain: ["Failed again", "Дахин амжилтгүй", "다시 실패"],
  newest: ["Newest", "Хамгийн сүүлийнх", "최근"],
  noQuarantine: ["Nothing waits in quarantine.", "Тусгаарласан мессеж алга.", "격리된 메시지가 없습니다."],
  atByte: ["at byte {0} of {1}", "{1} байтын {0}-р байтад", "{1}바이트 중 {0}번째 바이트"],
  rawPayload: ["raw payload", "түүхий агуулга", "원본 데이터"],
  failedLast: ["failed again: {0}", "дахин амжилтгүй: {0}", "다시 실패: {0}"],
  retry: ["Retry", "Дахин оролдох", "재시도"],
  retrying: ["decoding again…", "дахин задалж байна…", "다시 해석 중…"],
  retryDone: ["{0} decoded again: {1} resolved, {2} failed again, {3} points stored.",
    "{0} мессежийг дахин задалсан: {1} шийдэгдсэн, {2} дахин амжилтгүй, {3} хэмжилт хадгалсан.",
    "{0}건 다시 해석: {1}건 해결, {2}건 다시 실패, 데이터 {3}개 저장."],

  worthALook: ["Worth a look", "Анхаарах зүйлс", "살펴볼 값"],
  "say-true": ["Fault", "Гэмтэл", "고장"],
  "say-false": ["Nothing", "Юу ч биш", "이상 없음"],
  "say-expected": ["Expected", "Хүлээгдсэн", "예상됨"],
  "hint-true": ["It was a fault: call sooner here.", "Гэмтэл байсан: энд илүү эрт дуудна.", "고장이었음: 여기서는 더 일찍 알립니다."],
  "hint-false": ["There was nothing: call only for what is rarer.", "Юу ч байгаагүй: зөвхөн илүү ховор үед дуудна.",
    "이상 없었음: 더 드문 경우에만 알립니다."],
  "hint-expected": ["Known cause (maintenance, blasting, cold start): do not call for the same again.",
    "Шалтгаан нь мэдэгдэж байгаа (засвар, тэсэлгээ, хүйтэн асаалт): ижил үед дуудахгүй.",
    "알려진 원인(정비, 발파, 냉간 기동): 같은 경우에는 알리지 않습니다."],
  "said-true": ["fault", "гэмтэл", "고장"],
  "said-false": ["nothing there", "юу ч биш", "이상 없음"],
  "said-expected": ["expected", "хүлээгдсэн", "예상됨"],
  verdicts: ["What operators said of anomalies", "Операторын дүгнэлт", "운전원 판정"],
  verdict: ["Verdict", "Дүгнэлт", "판정"],
  effect: ["Effect now", "Одоогийн нөлөө", "현재 효과"],
  heldBack: ["Held back", "Дуудаагүй", "알리지 않음"],
  revoke: ["Revoke", "Хүчингүй болгох", "철회"],
  revokedBy: ["none: revoked by {0}, {1}", "үгүй: {0} хүчингүй болгосон, {1}", "없음: {0} 철회, {1}"],
  verdictExpired: ["none: expired {0}", "үгүй: {0}-нд дууссан", "없음: {0} 만료"],
  callsNobody: ["none: relations call nobody", "үгүй: хамаарал хэнийг ч дуудахгүй", "없음: 신호 관계는 알리지 않음"],
  callsOnceIn: ["calls at what is seen once in {0} days, instead of {1}", "{1} биш {0} хоногт нэг удаа тохиолдох үед дуудна",
    "{1}일이 아니라 {0}일에 한 번 나올 값에서 알림"],
  callsAsBefore: ["calls at what is seen once in {0} days, as without verdicts",
    "дүгнэлтгүй үеийн адил {0} хоногт нэг удаа тохиолдох үед дуудна", "판정이 없을 때처럼 {0}일에 한 번 나올 값에서 알림"],
  holdsBack: ["the same again ({0}, up to {1} from what is expected) does not call until {2}",
    "ижил зүйл ({0}, хүлээгдэх утгаас {1} хүртэл) {2} хүртэл дуудахгүй", "같은 경우({0}, 예상값에서 {1}까지) {2}까지 알리지 않음"],
  sideUp: ["above", "дээш", "위"],
  sideDown: ["below", "доош", "아래"],

  "class-process": ["machine", "төхөөрөмж", "설비"],
  "class-sensor": ["sensor", "мэдрэгч", "센서"],
  "class-gateway": ["gateway", "гейтвэй", "게이트웨이"],

  gateways: ["Gateways", "Гейтвэй", "게이트웨이"],
  gateway: ["Gateway", "Гейтвэй", "게이트웨이"],
  lastSeen: ["Last seen", "Сүүлд", "마지막 수신"],
  messages: ["Messages", "Мессеж", "메시지"],
  points: ["Points", "Хэмжилт", "데이터"],
  refused: ["Refused", "Татгалзсан", "거부"],
  quarantined: ["Quarantined", "Тусгаарласан", "격리"],
  clock: ["Clock", "Цаг", "시계"],
  clockUnknown: ["–", "–", "–"],
  "clock-good": ["right", "зөв", "정상"],
  "clock-behind": ["{0} behind, corrected", "{0} хоцорсон, зассан", "{0} 느림, 보정됨"],
  "clock-ahead": ["{0} ahead, corrected", "{0} түрүүлсэн, зассан", "{0} 빠름, 보정됨"],
  "clock-behind-kept": ["{0} behind", "{0} хоцорсон", "{0} 느림"],
  "clock-ahead-kept": ["{0} ahead", "{0} түрүүлсэн", "{0} 빠름"],
  "clock-jumped": ["has jumped", "огцом өөрчлөгдсөн", "급변함"],
  "clock-reset": ["lost its time", "цагаа алдсан", "시각 잃음"],
  notExpected: ["not expected", "хүлээгдээгүй", "예정 없음"],
  notSinceRestart: ["not since restart at {0}", "{0}-д дахин ассанаас хойш үгүй", "{0} 재시작 후 없음"],

  edgeNodes: ["Sparkplug edge nodes", "Sparkplug зангилаа", "Sparkplug 에지 노드"],
  edgeNode: ["Edge node", "Зангилаа", "에지 노드"],
  edgeState: ["State", "Төлөв", "상태"],
  staleMetrics: ["Stale", "Хүчингүй", "만료"],
  gaps: ["Gaps", "Тасалдал", "누락"],
  rebirths: ["Births asked for", "Дахин танилцуулах хүсэлт", "재등록 요청"],
  held: ["Held", "Хүлээж буй", "보류"],
  devicesAway: ["away: {0}", "холбоогүй: {0}", "오프라인: {0}"],
  "edge-online": ["online", "холбоотой", "온라인"],
  "edge-offline": ["offline", "холбоогүй", "오프라인"],
  "edge-unborn": ["births unknown", "танилцуулаагүй", "등록 정보 없음"],
  "edge-waiting": ["waits for a message", "мессеж хүлээж байна", "메시지 대기"],
  "edge-lost": ["messages lost, births asked for", "мессеж алдагдсан, дахин танилцуулахыг хүссэн",
    "메시지 손실, 재등록 요청함"],

  justNow: ["just now", "дөнгөж сая", "방금"],
  secondsAgo: ["{0} s ago", "{0} с өмнө", "{0}초 전"],
  minutesAgo: ["{0} min ago", "{0} мин өмнө", "{0}분 전"],
  hoursAgo: ["{0} h ago", "{0} ц өмнө", "{0}시간 전"],
};

const languages = ["en", "mn", "ko"];
const locales = { en: "en-GB", mn: "mn-MN", ko: "ko-KR" }; // en-GB: a day before its month, 24 hours

let language = languages.includes(remembered("language", "")) ? remembered("language", "") : preferred();

function preferred() {
  return languages.find(one => navigator.language.startsWith(one)) ?? "en";
}

/** The language that is chosen: en, mn or ko. */
export const chosen = () => language;

export function choose(one) {
  language = one;
  remember("language", one);
  translate();
}

/** The words for a key, with {0}, {1}… filled in. */
export function say(key, ...values) {
  const words = table[key][languages.indexOf(language)] || table[key][0];
  return words.replace(/\{(\d)\}/g, (_, index) => values[index]);
}

/** A name as the service gives it, {en, mn, ko}; a missing one is empty and English stands for it. */
export const named = name => name?.[language] || name?.en || "";

/** Puts words into the page's fixed parts: data-say for the text, data-say-hint for the placeholder. */
export function translate() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say, element.dataset.sayValue);
  }
  for (const element of document.querySelectorAll("[data-say-hint]")) {
    element.placeholder = say(element.dataset.sayHint);
  }
}

export const number = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A value with its unit; a dash for none. */
export const quantity = (value, unit) => Number.isFinite(value) ? `${number.format(value)} ${unit}` : "–";

const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const formats = new Map();

function format(milliseconds, options) {
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locales[language], options));
  return formats.get(key).format(milliseconds);
}

export const hourAndMinute = milliseconds => format(milliseconds, { ...clock, second: undefined });
export const timeOfDay = milliseconds => format(milliseconds, clock);

/** Day and month; browsers seldom know how Mongolian writes them. */
export function day(milliseconds) {
  const date = new Date(milliseconds);
  return language === "mn"
    ? `${date.getMonth() + 1}-р сарын ${date.getDate()}`
    : format(milliseconds, { day: "numeric", month: "short" });
}

/** The time of day; with its date when that is not today's. */
export function moment(milliseconds, now) {
  const isToday = new Date(milliseconds).toDateString() === new Date(now).toDateString();
  return isToday ? timeOfDay(milliseconds) : `${day(milliseconds)} ${timeOfDay(milliseconds)}`;
}

/** A length of time in seconds, in the largest unit that keeps two digits. */
export function span(seconds) {
  if (seconds < 120) return `${number.format(seconds)} s`;
  if (seconds < 7200) return say("minutes", Math.round(seconds / 60));
  if (seconds < 172800) return say("hours", number.format(seconds / 3600));
  return say("days", number.format(seconds / 86400));
}

/** An age in words, as people say it. */
export function ago(milliseconds, now) {
  const seconds = Math.max(0, (now - milliseconds) / 1000);
  if (seconds < 5) return say("justNow");
  if (seconds < 120) return say("secondsAgo", Math.round(seconds));
  if (seconds < 7200) return say("minutesAgo", Math.round(seconds / 60));
  return say("hoursAgo", Math.round(seconds / 3600));
}
