using System.Text.RegularExpressions;

namespace Gateway.Proxy.Scanning;

/// <summary>
/// The words, as regular expressions that the compiler turns into code: built at run time without backtracking they
/// took 50 MB and 0.4 s. Text is matched in lower case with single spaces. Every repetition is bounded or begins at
/// a literal, so a search takes time linear in the length. "SetAside" to "Command" are findings by themselves; of
/// the others, two or three within one sentence are. <c>load-tests/catalogue/measure DEFINITIONS --findings</c>
/// prints what they find in written attacks, and how often in real definitions.
/// </summary>
internal static partial class InjectedText
{
    private const RegexOptions Options = RegexOptions.CultureInvariant;

    // Instructions of others, or the wishes of the user, are set aside.
    [GeneratedRegex(
        @"\b(ignore|disregard|forget|override|overrule|bypass|discard|set aside|supersede[sd]?|outranks?"
        + @"|takes? (precedence|priority) over|do not (follow|obey))\b[^.!?\n]{0,50}\b(instructions|directions"
        + "|system prompts?|(other|existing|your|own|safety|all|user's) (rules|guidelines|guardrails|policies"
        + "|prompts?)|guidelines|guardrails|directives|safety|(the|all|anything|everything) (above|previous|prior"
        + "|earlier|preceding)|what (the|a|this) (user|reader|human|person)|the (user|reader|human) (typed|asked"
        + @"|said|wants|requested)|user'?s? (requests?|wishes|preferences?))\b"
        + @"|\b(instructions|rules|guidelines|prompts|directives)\b[^.!?]{0,20}\b(no longer (apply|applies|count"
        + @"|hold)|are (void|replaced|superseded|overridden|cancelled)|do not apply)\b"
        + @"|\b(as if|as though) (it|they|this|these|that|those) (came|come|were written|were typed"
        + @"|were given)[^.!?]{0,20}\b(user|operator|developer|system)\b"
        + @"|\bignor\w* [^.!?]{0,30}\b(instru[cç][cç]?i?[oõ]\w+|regras|reglas)\b"
        + @"|\b(olvid|desestim|desconsider|esque[cç])\w* [^.!?]{0,30}\binstru\w+"
        + @"|\b(preferencia|prefer[eê]ncia|prioridade?|precedencia"
        + @"|preced[eê]ncia) sobre\b[^.!?]{0,30}\b(usu[aá]ri[oa]|pedido|haya|este|instru\w+)"
        + @"|\bcomo si (vinier|fuer)\w+\b|\bcomo se (viess|foss)\w+ [^.!?]{0,20}usu[aá]rio"
        + @"|\bignorez?\b[^.!?]{0,30}\b(instructions|consignes|r[eè]gles)\b"
        + @"|\b(ignorier|vergiss|missacht|[uü]bergeh)\w*\b[^.!?]{0,40}\b(anweisung|regel|vorgabe|instruktion)\w*"
        + @"|(忽略|无视|覆盖|忘记)[^。]{0,12}(指令|指示|提示|规则)|игнорируй\w*[^.!?]{0,30}(инструкц|указани|правил)\w+"
        + @"|\b(ignora|olvida|desestima)( todas)?( las| tus)? instrucciones( anteriores| previas| del sistema)"
        + @"|\b(ignore|esqueca|esqueça|desconsidere)( todas)?( as| suas)? (instrucoes|instruções)( anteriores"
        + "| do sistema)"
        + @"|\bnew system prompt\b"
        + @"|\b(ignore|disregard|forget|override|bypass)( all| any)?( of)?( the| your| these)? (previous|prior"
        + "|above|earlier|preceding|other|system|original|existing)( system| user)? (instructions?|prompts?|rules"
        + @"|guidelines|directives|context)\b"
        + @"|\b(ignore|disregard|disobey|overrule) (the |your )?(user|human|operator)[.!,;]"
        + @"|\b(obey|follow|trust|believe|listen to) (only|just|nobody but|no one but) (this|these|me|us)\b"
        + @"|\b(obey|trust|believe) this (tool|server|text|message) (over|rather than|instead of|before|only"
        + @"|alone)\b"
        + @"|\bignor\w*\b[^.!?]{0,30}\b(istruzioni|regole|direttive)\b"
        + @"|\bignor\w* (todo|tudo|tout|tutto|alles|ce qui)\b[^.!?]{0,20}\b(anterior|acima|arriba|previo"
        + @"|pr[eé]c[eè]de|zuvor|oben|bisher\w*|precede\w*|sopra)\b"
        + @"|\b(z?ignoruj|pomi[nń]|zapomnij)\b[^.!?]{0,30}\b(instrukcj|polece|zasad|regu[lł])\w*"
        + @"|\b(negeer|vergeet)\b[^.!?]{0,30}\b(instructies|regels|opdrachten|aanwijzingen)\b"
        + @"|\b(talimat|kural|y[oö]nerge)\w*\b[^.!?]{0,20}\b(yok say|g[oö]z ard[iı] et|dikkate alma|unut)\w*"
        + @"|(指示|命令|ルール|規則|設定|プロンプト)[をは]?(すべて|全て)?(無視|忘れ|破棄|上書き)|(指示|規則|設定)より(も)?優先"
        + @"|(지시|명령|규칙|지침)(사항)?[을를은는]?( 모두| 전부)? ?(무시|잊)"
        + @"|(忽略|无视|忘记)(以上|上述|之前|前面|先前)的?(所有|全部)?(内容|一切)|(此前|之前|先前)的?[^。]{0,8}(不一致|冲突)[^。]{0,8}以本"
        + @"|забудь\w*[^.!?]{0,30}(инструкц|указани|правил)\w+",
        Options)]
    private static partial Regex SetAside();

    // The user must not see something, or must not be asked.
    [GeneratedRegex(
        @"\b(do not|don't|dont|never|must not|should not|shall not|need not|no need to|needn't|without"
        + @"|rather than|not to|no point in|no reason to)\b ?[^.!?;,]{0,12}\b(mention(ing)? (it|this|that|the|these"
        + "|any|to|you)|tell(ing)? (the |your )?(user|human|person|customer|reader|anyone|anybody)s?"
        + "|tell(ing)? (them|him|her)|let(ting)? (the |your )?(user|human|them)|inform(ing)?|notify(ing)?"
        + "|alert(ing)? (the |your )?(user|human)s?|reveal(ing)? (it|this|that|to the)|bring(ing)? (it|this|that"
        + "|them) up|bother(ing)? the|bother(ing)? (users?|them|anyone)|surface (it|this|that)|point(ing)? (it"
        + "|this|that) out|draw(ing)? attention|comment(ing)? on (it|this|that)|narrat(e|ing)|say(ing)? so"
        + @"|asking (the |your )?(user|human)s?|ask(ing)? (the |your )?(user|human)s?)\b"
        + @"|\b(not (meant )?for display|(won't|will not|cannot|can't|never|do not|don't) (even )?notice|(need not"
        + "|does not need to|doesn't need to|should not|must not|shouldn't|mustn't) (know|see|hear|be (told|shown"
        + @"|informed|bothered|aware))|keep(s|ing)? (it|this|that|them|quiet|silent)\b[^.!?]{0,12}\b(quiet|silent"
        + "|secret|hidden|to yourself|between us|from the)|keep quiet|stay (quiet|silent)|say nothing|deny (that"
        + "|it|this)|leave (it|them|this|that|these|those) out of|out of (the|your) (answer|reply|summary"
        + @"|quotation|response))\b"
        + @"|\bn[aã]o (h[aá] necessidade de|precisa|[eé] preciso|[eé] necess[aá]rio) [^.!?]{0,12}(incomod|avis"
        + @"|mencion|inform|pergunt|coment|diz|cont)\w*"
        + @"|\bn[aã]o (mencione|avise|diga|informe|comente|incomode|conte)\b"
        + @"|\bsem (avisar|perguntar|informar|mencionar|comentar|dizer|que o usu)\w*"
        + @"|\bsin (avisar|preguntar|mencionar|informar|comentar|decir|que (el|la) usuari)\w*"
        + @"|\bno (hace falta|es necesario) (avis|mencion|coment|inform|pregunt|decir)\w*"
        + @"|\bno (se )?(lo |le )?(digas?|menciones?|comentes?|avises?|informes?)\b"
        + @"|\bsans (le |la |lui |les |en |que )*(signaler|dire|mentionner|demander|pr[eé]venir|avertir|informer"
        + "|l'utilisateur)"
        + @"|\bne (le |la |lui |pas |les )*(mentionn|dites|signal|inform|pr[eé]ven)\w*"
        + @"|\bohne (nachzufragen|r[uü]ckfrage|hinweis|es zu erw[aä]hnen|(den|die|dem) (nutzer|benutzer|anwender"
        + "|kunden))"
        + @"|\bnicht (erw[aä]hnen|mitteilen|ansprechen)"
        + @"|\b(muss|soll|braucht)\w* (davon )?nichts? (davon )?(wissen|erfahren)"
        + "|(请勿|不要|无需|不必|别|勿)[^。]{0,4}(说明|告诉|告知|提及|通知用户|提示用户|解释|询问用户|让用户)|悄悄"
        + @"|не (говори|сообщай|упоминай|показывай)\w*"
        + @"|\b(do not|don't|dont|never|must not) (tell|inform|notify|alert|let|(mention|reveal|show)( this| it"
        + @"| that)? to) (the |your )?(user|human)s?\b"
        + @"|\bwithout (telling|informing|notifying|alerting|asking) (the |your )?(user|human)"
        + @"|\b(hide|conceal|keep) (this|it|that)( secret| hidden)? from (the |your )?(user|human)"
        + @"|\bno (le )?(digas|informes|avises) (esto )?al usuario"
        + @"|\bnao (diga|informe|conte) (isso )?ao usuario"
        + @"|(利用者|ユーザー|お客様|本人|対象者)[^。]{0,12}(知らせ|伝え|説明し|報告し|通知し|見せ|話さ)(ない|ず|なく|る必要|ません)"
        + @"|(説明|通知|報告)(は|の必要は)?(要りません|必要ありません|不要です)|話題にしません"
        + @"|사용자(에게|한테)[^.!?]{0,12}(알리지|말하지|언급하지|보여주지)"
        + @"|\bsenza (avvis|chied|inform|menzion|dir)\w*|\bnon (dire|menzionare|informare|avvisare|rivelare) "
        + @"|\bbez (pytania|informowania|powiadamiania)\b|\bnie (wspominaj|informuj|m[oó]w|powiadamiaj"
        + @"|trzeba wspomina\w+)\b"
        + @"|\bzonder (te (vragen|melden|vermelden)|(de )?gebruiker)\b|\bniet (vermelden|melden aan)\b"
        + @"|\bkullan[iı]c[iı]\w*\b[^.!?]{0,15}\b(s[oö]yleme|bildirme|sorma)\b|\bsormadan\b",
        Options)]
    private static partial Regex Silence();

    // The model is to play a part.
    [GeneratedRegex(
        @"\b(you are now|picture yourself|pretend (to be|that you|you)|imagine (you are|that you|yourself)"
        + "|role[- ]?play as|from (now|here) on,? (you|the user|every|all|ignore|disregard)|for the (rest|length"
        + @"|remainder) of (this|the) (session|conversation|chat))\b"
        + @"|\b(haz de cuenta|imagina que eres|finge ser|fa[cç]a de conta|a partir de agora,? voc[eê]"
        + @"|de ahora en adelante)\b"
        + @"|从现在起你|假装你|\bstell dir vor,? du\b|\byou are now (a|an|in|the)[ ]",
        Options)]
    private static partial Regex Role();

    // Marks of a message of the system, words for the model alone,
    // and comments that a reader of rendered text does not see.
    [GeneratedRegex(
        @"</?(system|important|secret|instructions?|hidden|admin|critical)>|<\|[a-z_]+\|>"
        + @"|\[/?(inst|system|admin)\]|# ?system\b|\bsystem (override|notice|message|note):|\bsystem:[ ]"
        + @"|\b(important|note|attention|notice|memo|hint|reminder)\b[^.:]{0,15}\b(for|to) (the |all |any )?(model"
        + @"|assistant|agents?|ai|llm)s?\b"
        + @"|\bto the (assistant|agent):|@(agent|assistant)\b"
        + @"|\b(agents|assistants|agent notes?|assistant notes?|ai notes?|llm notes?): |<!--[^>]{15,}",
        Options)]
    private static partial Regex Mark();

    // Consent that nobody gave, and confirmations that are skipped.
    [GeneratedRegex(
        @"\b(already|has|have|was|were) (been )?(authori[sz]ed|approved|consented to|agreed to|pre-?approved"
        + @"|cleared)\b[^.!?]{0,20}\b(all|every|any|everything|anything|this|these|in advance|at install\w*)\b"
        + @"|\b(answers?|reply|respond|say) (with )?[\""'`]?(yes|ok|approve)[\""'`]?\b"
        + @"|\b(approv|confirm|authori[sz])\w* (her|his|their|its|your) own\b"
        + @"|\b(skip|skips|bypass|suppress|auto-?accept|auto-?approve|never pauses? for|no need for|does not need"
        + @"|don't need|treat as)\b[^.!?]{0,25}\b(confirmations?|approvals?|consent|permission( prompt)?"
        + @"|confirmation prompts?)\b"
        + @"|\bj[aá] (autoriz|aprov|consenti)\w+|\bya (ha |est[aá] )?(autoriz|aprob|consenti|acept)\w+"
        + @"|\brespond\w+ que s[ií]\b|\bsem (confirma|aprova)\w+|\bsin (confirma|aproba)\w+"
        + @"|d[eé]j[aà] (autoris|accept[eé]|approuv)\w+"
        + @"|\b(bereits|schon) (genehmigt|zugestimmt|freigegeben|erteilt)|已(授权|同意|批准)|无需(确认|批准|询问)"
        + @"|\bassum(e|es|ing) (the |their |user )*(consent|approval|permission)\b"
        + @"|\bnever (ask|wait)( the user)? for (confirmation|approval|permission|consent)\b"
        + @"|(確認|承認)(の画面)?[をは][^。]{0,4}(挟まず|省い|求めず|取らず)|同意済みとみなし"
        + @"|\b(zgodzi[lł]\w*|wyrazi[lł]\w* zgod[eę])\b[^.!?]{0,40}\bbez pytania\b"
        + @"|(无需|不必|不用)(再|另行|弹窗)?(征求|征得|获得)?[^。，]{0,6}(确认|同意|批准)",
        Options)]
    private static partial Regex Consent();

    // False answers.
    [GeneratedRegex(
        @"\bif (you are |you're |ever )?asked\b[^.!?]{0,60}\b(say|answer|reply|claim|tell)\b"
        + @"|\breport no (findings|issues|errors|problems)\b"
        + @"|\b(even|although) (if|though) (it|you|they|that) (has|have|did|was|were)( not|n't)\b"
        + @"|\baunque no (lo )?h\w+\b|\bmesmo que n[aã]o\b",
        Options)]
    private static partial Regex Falsehood();

    // A command that fetches and runs something.
    [GeneratedRegex(
        @"\b(curl|wget)\b[^\n]{1,200}\|\s*(ba|z)?sh\b|\bpowershell\b[^\n]{0,100}-enc|\bnc -e\b"
        + "|/dev/tcp/",
        Options)]
    private static partial Regex Command();

    // A command; only in decoded text.
    [GeneratedRegex(
        @"\b(curl|wget) |\brm -rf |\bchmod \+x|\b(ba|z)?sh -[ci]\b|\bpython3? -c\b|/bin/(ba)?sh\b"
        + @"|\bbase64 -d\b",
        Options)]
    private static partial Regex DecodedCommand();

    // Secrets, and what was said.
    [GeneratedRegex(
        @"\b(credentials?|api[ _-]?(keys?|tokens?)|passwords?|passphrases?|private keys?|ssh[ _-]?keys?|(access"
        + "|bearer|session|refresh|raw|auth) tokens?|environment variables|env vars?|system (prompt|message)|(the"
        + "|this|your|entire|full|whole|complete|current|previous|prior|recent|last|earlier|every|all) (user "
        + "|chat |assistant )?(conversation|chat|messages?|history|prompts?|context)|chat (history|log)"
        + "|message history|user's [^.!?]{0,25}messages?|passports?|pin code|card (number|pin)|cvv"
        + "|one-time (codes?|passwords?)|otp|sms codes?|verification codes?|recovery codes?|seed phrase"
        + @"|workspace files?|open files?|inbox)\b"
        + @"|\.env\b|~/\.|/\.ssh\b|\bid_rsa\b|\.aws\b|\bhosts\.yml|/etc/(passwd|shadow)"
        + @"|\b(senhas?|credenciais|conversas?|caixa de entrada|c[oó]digos? (recebid|sms|de verifica)\w*"
        + @"|chaves? (privada|de api)s?|mensagens|e-mails)\b"
        + @"|\b(contrase[nñ]as?|credenciales|conversaci[oó]n|bandeja|pasaportes?|tarjetas?|claves? (privada"
        + @"|de api)s?|ficheros|correos)\b"
        + @"|\b(mots? de passe|identifiants|conversation|messagerie)\b"
        + @"|\b(passw[oö]rt\w*|zugangsdaten|unterhaltung|gespr[aä]chs?verlauf|nachrichten|posteingang)\b"
        + "|密码|密钥|凭据|凭证|令牌|对话|聊天记录|邮件|验证码|парол|переписк|токен",
        Options)]
    private static partial Regex Secrets();

    // Secrets that no ordinary parameter asks for. Without a bound, the time of a text of many "/home/" would grow
    // with its square.
    [GeneratedRegex(
        @"\.env\b|~/\.|/\.ssh\b|\bid_rsa\b|\.aws\b|\bhosts\.yml|\bmcp\.json\b"
        + @"|\bclaude_desktop_config\b|/etc/(passwd|shadow)|\bsystem (prompt|message)\b"
        + @"|\b(bearer|session|raw) tokens?\b|\bprivate keys?\b|\bssh[ _-]?keys?\b"
        + @"|\b(passport|pasaporte)s?\b|\bcard pin\b"
        + @"|(~|\$home|/home/[^ ]{0,256}|/root)/\.(ssh|aws|gnupg|kube|netrc|cursor|claude)\b"
        + @"|\bid_(rsa|ed25519|ecdsa)\b",
        Options)]
    private static partial Regex KeptSecrets();

    // Verbs that hand something over.
    [GeneratedRegex(
        @"\b(send|sends|sent|sending|post|posts|upload|uploads|forward|forwards|forwarded|email|mail|mails|copy"
        + "|copies|copied|append|appends|include|includes|pass|passes|attach|attaches|transmit|submit|fill|fills"
        + "|paste|put|puts|place|embed|repeat|write|writes|share|shares|relay|export|deliver|add|prepend|preceded"
        + @"|hand over|reveal|reveals|print|output|echo|disclose|exfiltrates?|leaks?|posts|publish)\b"
        + @"|\b(inclu[aiíy]\w*|envi[ae]\w*|encaminh\w*|cole|copi[ea]\w*|coloque|adicione|anexe|repita|acrescent\w*"
        + @"|reenv[ií]\w*|adjunt\w*|escrib\w*|guard[ae]\w*|guárd\w*|a[nñ]ad\w*|agreg\w*|seguido)\b"
        + @"|\b(envoy\w*|ajout\w*|copi\w*|joign\w*|r[eé]sum\w*|transmet\w*)\b"
        + @"|\b(senden?|sende|schick\w*|kopier\w*|anh[aä]ngen|h[aä]ng\w*|einf[uü]gen|f[uü]g\w*|weiterleit\w*"
        + @"|hinterleg\w*|[uü]bermittel\w*|schreib\w*)\b"
        + "|发送|转发|写入|附上|复制|上传|填入|包含|отправ|перешли|добав",
        Options)]
    private static partial Regex Handing();

    // An address outside.
    [GeneratedRegex(
        @"https?://|[\w.+-]@[\w-]+\.\w|\bs3://|\bftp://",
        Options)]
    private static partial Regex Address();

    // The model.
    [GeneratedRegex(
        @"\b(the |an? |o |el |der |ao |al )?(assistants?|agents?|language model|llms?|ai model|assistente"
        + @"|asistente|assistent)\b"
        + "|助手|模型|智能体|ассистент",
        Options)]
    private static partial Regex Reader();

    // Each time, or first.
    [GeneratedRegex(
        @"\b(always|every|each|also|instead|additionally|whenever|in addition|by default|as well|up front|before"
        + @"|after|once|first|todas?|cada|siempre|sempre|immer|jede[srn]?|toujours|chaque)\b"
        + "|每次|总是|всегда|каждый",
        Options)]
    private static partial Regex Always();

    // A duty.
    [GeneratedRegex(
        @"\b(must|needs? to|has to|have to|is required|required|mandatory|otherwise|or else|will fail|is rejected"
        + @"|does not work|won't work|never|deve|debe|muss|doit)\b"
        + "|必须|否则",
        Options)]
    private static partial Regex Must();
}
