using System.Collections.Frozen;

namespace Gateway.Catalogue.Classifying;

/// <summary>
/// The detection of tools that return a credential, a token or values of the environment to the agent.
/// </summary>
internal static class SecretSigns
{
    private static readonly FrozenSet<string> HandsOut = Set("""
        get read show fetch retrieve obtain acquire request refresh renew create generate gen issue exchange rotate
        regenerate reissue roll export reveal print dump display decrypt access mint derive complete login signin
        authenticate extract to from obter consultar mostrar gerar obtener generar crear criar ver leer ler emitir
        renovar atualizar actualizar refrescar exportar
        """);

    /// <summary>Verbs that return something that is already there.</summary>
    private static readonly FrozenSet<string> Reads = Set("""
        get read show fetch retrieve obtain reveal print dump display decrypt export view obter obtener consultar
        mostrar ver leer ler exportar extract
        """);

    /// <summary>Words of which a value is always a credential, if a verb that reads is before them.</summary>
    private static readonly FrozenSet<string> Read = Set("""
        secret secrets password passwords mnemonic kubeconfig credential credentials cookie cookies env environ dotenv
        privatekey apikey senha contrasena credencial credenciais credenciales seedphrase otp totp
        """);

    private static readonly FrozenSet<string> Secrets = Set("""
        secret credential credentials password passwords passphrase apikey mnemonic kubeconfig jwt keypair privatekey
        otp totp env environ dotenv cookies cookie senha clave contrasena chave
        """);

    /// <summary>Words before "token" or "key" that make it a credential.</summary>
    private static readonly FrozenSet<string> OfTokens = Set("""
        access oauth oauth2 auth authorization refresh api bearer session client personal login sas identity id jwt
        registration installation bot service deploy guest embed ephemeral temporary
        """);

    private static readonly FrozenSet<string> OfKeys =
        Set("api access private secret ssh account license encryption signing sdk");

    /// <summary>Words after "token" in Spanish and Portuguese that make it a credential.</summary>
    private static readonly FrozenSet<string> AfterTokens =
        Set("acceso acesso oauth oauth2 auth api sesion sessao autenticacion autenticacao autorizacion autorizacao");

    private static readonly FrozenSet<string> AfterKeys = Set("api privada acceso acesso secreta");
    private static readonly FrozenSet<string> Joining = Set("de do da del la el los las ao a o");

    /// <summary>Words after a secret that show that the result does not contain it.</summary>
    private static readonly FrozenSet<string> Beyond = Set("""
        info information status metadata list names policy policies url history usage expiry count scopes settings
        scanning alert alerts config validity schema details vars rate price prices balance balances
        type types version state id ids strength
        """);

    /// <summary>Words that show that the tool receives a secret or only inspects it.</summary>
    private static readonly FrozenSet<string> Spoils = Set("""
        set store save add update import validate verify check test count limit delete revoke remove configure holders
        transfers supply usage estimate analyze encode tokenize price swap claimable search send transfer burn buy sell
        """);

    /// <summary>Words before a secret that the tool takes: <c>get_address_from_private_key</c>.</summary>
    private static readonly FrozenSet<string> Takes = Set("from by with via using");

    private static readonly FrozenSet<string> Rotated =
        Set("secret secrets credential credentials token tokens password passwords key keys");

    private static readonly FrozenSet<string> Tokens = Set("token tokens");
    private static readonly FrozenSet<string> Keys = Set("key keys");
    private static readonly FrozenSet<string> RomanceKeys = Set("clave claves chave chaves llave llaves");

    private static readonly string[] Signs =
    [
        "令牌", "密钥", "金鑰", "凭证", "凭据", "密码", "环境变量", "環境變數", "私钥", "助记词", "トークン", "環境変数", "토큰",
        "비밀번호", "환경변수",
    ];

    private static readonly string[] HandingSigns =
        ["获取", "取得", "刷新", "创建", "生成", "导出", "查看", "读取", "查询", "返回", "交换", "更新", "発行", "조회", "발급", "가져오"];

    /// <summary>Raises a tool to Secret if its name, description or output schema indicates that.</summary>
    public static void Raise(NameReading name, TextReading text, SchemaSigns output, Evidence found)
    {
        // A verb that deletes or pays outweighs the credential that it is about.
        if (found.Category == ToolCategory.Destructive
            || (found.Category == ToolCategory.Financial
                && name.Verb is { IsFirm: true, Category: ToolCategory.Financial }))
        {
            return;
        }

        if (Signed(name.Given) is { } sign)
        {
            found.Decide(ToolCategory.Secret, $"Its name contains \"{sign}\", so it returns a secret.");
            return;
        }

        if (Pair(name.Words) is { } pair && !IsTraded(pair, name, text) && !text.IsInformation)
        {
            found.Decide(ToolCategory.Secret, $"Its name says \"{pair}\", which it returns.");
            return;
        }

        if (found.Category is { } category && category.IsGrave())
            return;
        if (output.Secret is { } member)
            found.AtLeast(ToolCategory.Secret, $"Its result has the member \"{member}\", a secret.");
        else if (IsRead(name.Words) is { } value)
            found.Decide(ToolCategory.Secret, $"Its name says \"{value}\", which it returns.");
        else if (name.Last is "key" or "keys" && text.NamesKey && !text.IsInformation
            && name.Verb is { Word: "get" or "create" or "generate" or "retrieve" or "fetch" or "regenerate" }
            && !IsImported(name.Words, name.Words[Math.Max(0, name.Words.Count - 2)]) && InName(name, text) is { } key)
        {
            found.Decide(ToolCategory.Secret, $"Its name says \"{key}\", which it returns.");
        }
        else if (!text.IsAbout && InName(name, text) is { } word)
            found.AtLeast(ToolCategory.Secret, $"Its name says \"{word}\", which it returns.");
        else if (text.ReadsEnvironment && name.Verb is null or { Category: ToolCategory.Read }
            && !name.Words.Any(static word => word is "names" or "ids" or "status" or "count"))
        {
            found.Decide(ToolCategory.Secret, "Its description says that it reads environment variables.");
        }
        else if (name.Last is "code" or "codes" && text.NamesCode
            && name.Verb is null or { Word: "get" or "request" or "read" or "fetch" or "generate" or "retrieve" })
        {
            found.Decide(ToolCategory.Secret, "Its description says that the returned code grants access.");
        }
        else if (text.MakesToken && name.Verb is null or { Word: "create" or "generate" or "issue" or "post" or "get" })
            found.Decide(ToolCategory.Secret, "Its description says that it makes a token, which it returns.");
        else if (name.Verb is { Word: "login" or "signin" or "authenticate" } && text.ReturnsToken)
            found.Decide(ToolCategory.Secret, "Its description says that it returns a token.");
        else if (!text.IsInformation && text.ReturnsSecret is { } returned)
        {
            var isSaid = text.SaysReturns && !name.Words.Any(Beyond.Contains);
            if (isSaid || name.Verb is { Word: "login" or "signin" or "authenticate" })
                found.Decide(ToolCategory.Secret, $"Its description says that it returns \"{returned}\".");
            else
                found.AtLeast(ToolCategory.Secret, $"Its description says that it returns \"{returned}\".");
        }
    }

    private static string? Signed(string name) =>
        Array.Exists(HandingSigns, sign => name.Contains(sign, StringComparison.Ordinal))
            ? Array.Find(Signs, sign => name.Contains(sign, StringComparison.Ordinal))
            : null;

    /// <summary>Returns true for a token that is traded: only one that grants access is a credential.</summary>
    private static bool IsTraded(string pair, NameReading name, TextReading text) =>
        pair.StartsWith("id ", StringComparison.Ordinal) && (name.Money is not null || text.HasMoney);

    /// <summary>
    /// Returns the word for a credential whose value a verb reads: <c>get_env</c>, but not <c>get_secret_names</c>.
    /// </summary>
    private static string? IsRead(IReadOnlyList<string> words)
    {
        var isListed = words.Contains("list") || words.Contains("listar");
        if ((!isListed && !words.Any(Reads.Contains)) || words.Any(Spoils.Contains))
            return null;
        for (var at = 0; at < words.Count; at++)
        {
            var next = at + 1 < words.Count ? words[at + 1] : "";
            var isEnvironment = words[at] is "env" or "environment"
                && next is "var" or "vars" or "variable" or "variables";
            if (Takes.Contains(words[at]))
                return null;
            var isRomance = words[at] is "variables" or "variaveis"
                && (words.Contains("entorno") || words.Contains("ambiente"));
            var isConnection = words[at] == "connection" && next is "string" or "strings" or "uri";
            var isCode = words[at] is "2fa" or "mfa" && next is "code" or "codes";
            var isValue = isConnection || isCode || (Read.Contains(words[at]) && !Beyond.Contains(next));
            if (isEnvironment || isRomance || (!isListed && isValue))
                return isEnvironment ? $"{words[at]} {next}" : words[at];
        }

        return null;
    }

    private static string? InName(NameReading name, TextReading text)
    {
        var words = name.Words;
        var isGiven = words.Any(HandsOut.Contains)
            || (name.Verb is null && text.Leading is { Word: "get" or "return" or "fetch" or "retrieve" });
        var isMoney = name.Money is not null || text.HasMoney;
        var isHandedOut = isGiven || words.Count <= 2;
        var isListed = words.Contains("list") || words.Contains("find");
        for (var at = 0; at < words.Count; at++)
        {
            var (word, before) = (words[at], at > 0 ? words[at - 1] : "");
            if (Takes.Contains(word))
                return before is "seed" or "key" or "keypair" or "wif" && word == "from" ? before : null;
            var isCut = at + 1 < words.Count && Beyond.Contains(words[at + 1]);
            if (isCut || (!isHandedOut && !isListed))
                continue;
            if (word is "password" or "passwords" && name.Verb is { Word: "generate" or "create" } && text.IsRandom)
                return null;
            var isFound = (isHandedOut && (Secrets.Contains(word) || IsToken(words, at, isGiven && !isMoney)))
                || (Keys.Contains(word) && (OfKeys.Contains(before) || text.NamesKey))
                || word is "cookies" or "cookie" or "credentials"
                || (word is "variables" && before is "environment" or "env")
                || (word is "wallet" && IsMade(name) && !text.IsCustodial);
            if (isFound && !words.Any(Spoils.Contains))
                return word;
        }

        return null;
    }

    /// <summary>
    /// Returns a word pair of an unambiguous credential in a name with a verb that returns it: <c>create_api_token</c>.
    /// </summary>
    private static string? Pair(IReadOnlyList<string> all)
    {
        var words = all.Where(static word => !Joining.Contains(word)).ToList();
        if (words.Any(Spoils.Contains) || words.Any(Takes.Contains) || words.Contains("list"))
            return null;
        for (var at = 1; at < words.Count; at++)
        {
            var next = at + 1 < words.Count ? words[at + 1] : "";
            if (words.Any(HandsOut.Contains) && ((Tokens.Contains(words[at]) && AfterTokens.Contains(next))
                || (RomanceKeys.Contains(words[at]) && AfterKeys.Contains(next))))
            {
                return $"{words[at]} {next}";
            }

            var isPair = (Tokens.Contains(words[at]) && OfTokens.Contains(words[at - 1]))
                || (Keys.Contains(words[at]) && OfKeys.Contains(words[at - 1]) && !IsImported(words, words[at - 1]))
                || (words[at] is "secret" or "secrets" && words[at - 1] is "rotate" or "client");
            if (words[at - 1] is "rotate" or "regenerate" or "reveal" && Rotated.Contains(words[at]) && next == "")
                return $"{words[at - 1]} {words[at]}";
            var pair = at;
            if (isPair && !Beyond.Contains(next)
                && words.Where((word, other) => other != pair && other != pair - 1).Any(HandsOut.Contains))
            {
                return $"{words[at - 1]} {words[at]}";
            }
        }

        return null;
    }

    /// <summary>Returns true for a key that the agent gives to the server: creating it registers it.</summary>
    private static bool IsImported(IReadOnlyList<string> words, string kind) =>
        kind is "ssh" or "private" or "account" && words.Contains("create");

    private static bool IsMade(NameReading name) => name.Verb is { Word: "create" or "generate" };

    /// <summary>Returns true for a token that grants access; other tokens are traded or counted.</summary>
    private static bool IsToken(IReadOnlyList<string> words, int at, bool isGiven) =>
        Tokens.Contains(words[at])
        && ((at > 0 && OfTokens.Contains(words[at - 1]))
            || (words[at] == "token" && at == words.Count - 1 && words[Math.Max(0, at - 1)] != "for" && isGiven));

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
