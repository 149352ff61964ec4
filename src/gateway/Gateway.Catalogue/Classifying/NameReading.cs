using Gateway.Proxy.Searching;

namespace Gateway.Catalogue.Classifying;

/// <summary>
/// The evidence in a tool's name. The verb takes precedence over the noun: <c>list_invoices</c> lists.
/// </summary>
internal sealed class NameReading
{
    private const int CharsMax = 200;
    private readonly List<string> _words;

    public NameReading(string name)
    {
        Given = name.Length > CharsMax ? name[..CharsMax] : name;
        _words = NameWords.Of(name, CharsMax, humps: true);
        // create_token_tool: the suffix hides the object.
        if (_words.Count > 2 && _words[^1] is "tool")
            _words.RemoveAt(_words.Count - 1);
        Verb = FindVerb() ?? Vocabulary.FindSignOfName(Given);
    }

    /// <summary>The name as the server wrote it, up to a bound.</summary>
    public string Given { get; }

    public Verb? Verb { get; }

    public IReadOnlyList<string> Words => _words;

    public string First => _words.Count > 0 ? _words[0] : "";

    public string Last => _words.Count > 0 ? _words[^1] : "";

    /// <summary>True if it begins with a verb that is always destructive.</summary>
    public bool BeginsDestructive =>
        Verb is { IsFirm: true, Category: ToolCategory.Destructive } && Verb.Word == First;

    /// <summary>True if it begins with a verb that is never a noun.</summary>
    public bool BeginsFirm => Verb is { IsFirm: true } && Verb.Word == First;

    public bool EndsShown => Vocabulary.Shown.Contains(Last);

    /// <summary>True if it ends with a noun for displayed data, and no firm verb contradicts that.</summary>
    public bool IsShown => EndsShown && Verb is not { IsFirm: true };

    /// <summary>A word of payments; null if the name is about code or a message for a payment.</summary>
    public string? Money => IsAboutCode ? null : _words.Find(Vocabulary.Money.Contains);

    public string? MaybeMoney => IsAboutCode ? null : _words.Find(Vocabulary.MaybeMoney.Contains);

    public bool HasMoney => Money is not null || MaybeMoney is not null;

    public bool HasFarFromMoney => _words.Exists(Vocabulary.FarFromMoney.Contains);

    public bool IsDeploy => Verb is { Word: "deploy" };

    private bool IsAboutCode => _words.Exists(static word =>
        word is "snippet" or "snippets" or "scaffold" or "boilerplate" or "reminder" or "reminders");

    /// <summary>True if a deployed contract is a coin or token: deploying it mints or sells it.</summary>
    public bool DeploysCoin => IsDeploy && _words.Exists(static word => word is "coin" or "token" or "erc20" or "erc721"
        or "erc1155" or "nft" or "memecoin" or "jetton");

    /// <summary>True if it begins, commits or aborts a database transaction.</summary>
    public bool IsDatabaseTransaction => Last == "transaction"
        && _words.Exists(static word => word is "begin" or "start" or "commit" or "abort" or "rollback");

    /// <summary>The part of a web sign-in that it returns: an address to open, not the token.</summary>
    public string? SignInLink => Last is "url" or "link" or "uri"
        ? _words.Find(static word => word is "auth" or "login" or "signin" or "oauth" or "oauth2" or "authorization"
            or "authorize" or "consent")
        : null;

    /// <summary>True if it queries a database, whose language may write.</summary>
    public bool QueriesDatabase => _words.Contains("query") && _words.Exists(static word => word is "database" or "db"
        or "sql" or "cypher" or "neo4j" or "mysql" or "postgres" or "postgresql" or "pg" or "mongo" or "mongodb"
        or "sqlite" or "tidb" or "snowflake" or "bigquery" or "clickhouse" or "duckdb" or "mssql" or "oracle"
        or "redshift" or "superset" or "athena" or "trino" or "presto" or "supabase" or "memgraph" or "mariadb")
        && Verb is null or { Word: "query" or "run" or "execute" };

    /// <summary>True if it is about a sign-in and has no verb.</summary>
    public bool IsSignIn => _words.Count <= 2 && _words.Exists(static word => word is "auth" or "oauth" or "sso");

    /// <summary>The word for a request that it sends as given: <c>make_api_request</c>.</summary>
    public string? SendsRequest => Last == "request"
        && (Verb is null || Verb.Word is "make" or "send" or "execute" or "call" or "invoke" or "post")
        ? _words.Find(static word => word is "api" or "http" or "https" or "raw" or "rest" or "graphql" or "curl")
        : null;

    /// <summary>A console, pointer or debugger that it drives.</summary>
    public string? Console =>
        _words.Find(static word => word is "terminal" or "mouse" or "keyboard" or "breakpoint" or "breakpoints");

    /// <summary>True if it probes what its parameters name.</summary>
    public bool Probes => _words.Exists(static word => word is "scan" or "portscan" or "detection" or "discovery");

    /// <summary>True if it signs a message, which may be an order or a permit.</summary>
    public bool SignsMessage => _words.Contains("sign")
        && _words.Exists(static word =>
            word is "message" or "typed" or "transaction" or "transactions" or "tx" or "txn");

    /// <summary>True if it calls a contract of a blockchain in a way that may write.</summary>
    public bool CallsContract => _words.Exists(static word => word is "contract" or "contracts")
        && _words.Exists(static word => word is "call" or "execute" or "invoke" or "write" or "interact")
        && !_words.Exists(static word => word is "read" or "view" or "static" or "simulate" or "estimate" or "query");

    /// <summary>True if it is the standard call of Ethereum that reads a contract.</summary>
    public bool IsEthCall => Last == "call" && _words.Count > 1 && _words[^2] == "eth";

    /// <summary>True if it registers, renews or moves an Internet domain, which costs a fee.</summary>
    public bool BuysDomain => Last is "domain" or "domains"
        && Verb is { Word: "register" or "renew" or "transfer" or "reactivate" };

    /// <summary>The work in progress that it cancels, which is stopped and not deleted.</summary>
    public string? CancelsWork =>
        Verb is { Word: "cancel" or "abort" } ? _words.FindLast(Vocabulary.Work.Contains) : null;

    /// <summary>The examination that it runs, of which only the findings come back.</summary>
    public string? Examines => First is "run" or "perform" or "execute" && Last is "audit" or "diagnostics" or "report"
        or "reports" or "analysis" or "analytics" or "simulation" or "backtest" or "lint" or "check" ? Last : null;

    /// <summary>The appointment that it cancels: the other participants lose it.</summary>
    public string? CancelsDate => Verb is { Word: "cancel" or "cancelar" }
        ? _words.Find(static word => word is "meeting" or "meetings" or "event" or "events" or "appointment"
            or "appointments" or "leave" or "interview" or "reuniao" or "reunion" or "evento" or "cita"
            or "agendamento")
        : null;

    /// <summary>True if it probes another machine.</summary>
    public bool ProbesMachines => _words.Exists(static word => word is "brute" or "bruteforce" or "nmap" or "portscan"
            or "exploit" or "masscan" or "nikto" or "sqlmap" or "hydra")
        || (_words.Contains("scan") && _words.Exists(static word =>
            word is "port" or "ports" or "syn" or "udp" or "tcp" or "fin" or "xmas" or "subnet" or "network"));

    /// <summary>True if it inspects a statement instead of running it.</summary>
    public bool IsAboutStatements => _words.Exists(static word =>
        word is "plan" or "explain" or "validate" or "dry" or "format" or "lint" or "schema" or "history");

    public bool IsScreen => First is "browser" or "playwright" or "puppeteer" or "mobile" or "screen" or "desktop"
        or "mouse" or "keyboard" && !_words.Exists(static word => word is "cookie" or "cookies");

    /// <summary>True if the verb is an input action, not one that creates or shows something.</summary>
    public bool DrivesScreen => !_words.Contains("wait")
        && Verb is null or { IsFirm: false } or { Word: "upload" or "move" or "set" };

    public string? StartsSomething => Verb is
    {
        Word: "create" or "post" or "trigger" or "submit" or "launch" or "send" or "add" or "resize" or "crear"
            or "criar" or "enviar"
    }
        && !_words.Exists(static word => word is "test" or "component" or "mysql" or "postgres" or "postgresql"
            or "mongodb" or "mariadb" or "database" or "db")
        ? _words.FindLast(word => word != Verb.Word) is { } last && Vocabulary.Started.Contains(last) ? last : null
        : null;

    /// <summary>The object of a search or crawl, if the verb only starts it: <c>start_crawl</c>.</summary>
    public string? Looks => Verb is
    {
        Word: "start" or "run" or "create" or "perform" or "execute" or "submit" or "launch" or "trigger" or "do"
    }
        && Last is "crawl" or "crawler" or "scrape" or "search" or "research"
        ? Last
        : null;

    /// <summary>A decision on a dispute or a return, which moves money.</summary>
    public string? DecidesMoney => Verb is
    {
        Word: "accept" or "approve" or "submit" or "close" or "decline" or "reject" or "deny" or "contest"
            or "concede" or "create" or "update" or "respond" or "authorize" or "open" or "process" or "refuse"
            or "aceptar" or "aceitar" or "aprobar" or "aprovar" or "rechazar" or "rejeitar" or "recusar"
            or "contestar" or "disputar" or "responder" or "crear" or "criar" or "abrir" or "encerrar" or "cerrar"
    }
        ? _words.Find(static word => word is "dispute" or "disputes" or "chargeback" or "chargebacks" or "returns"
            or "devolucao" or "devolucion" or "disputa" or "disputas" or "contracargo" or "estorno")
            ?? (Last == "return" ? Last : null)
        : null;

    /// <summary>The word for a credential, if the verb issues or uses it.</summary>
    public string? LetsIn => Verb is
    {
        Word: "complete" or "generate" or "create" or "confirm" or "issue" or "refresh"
            or "resend" or "send" or "verify"
    }
        ? _words.Find(Vocabulary.LetsIn.Contains)
        : null;

    private Verb? FindVerb()
    {
        // x_profile_delete: a last word that always deletes outweighs the nouns before it.
        if (_words.Count > 1 && Vocabulary.Find(Last) is { IsFirm: true, Category: ToolCategory.Destructive } last
            && !IsOther(Last) && Vocabulary.Find(First) is not { IsFirm: true, Category: ToolCategory.Read })
        {
            return InContext(last);
        }

        Verb? firm = null;
        foreach (var word in _words)
        {
            if (Vocabulary.Find(word) is not { IsFirm: true } verb || IsOther(word))
                continue;
            verb = InContext(verb);
            if (firm is null)
                firm = verb;
            else if (verb.Category.IsGrave() && verb.Category.Severity() > firm.Category.Severity())
                firm = verb;
            if (firm.Category == ToolCategory.Read && !Joins())
                return Opens(firm) ?? firm;
        }

        if (firm is not null)
            return firm;
        return _words.Count == 0 ? null : Vocabulary.Find(First) ?? Vocabulary.Find(Last) ?? Inner();
    }

    /// <summary>Returns true for a verb that belongs to another one: the drop of drag and drop.</summary>
    private bool IsOther(string word) => word switch
    {
        "drop" => _words.Contains("drag"),
        "book" => Last == "search",
        "trash" => _words.Exists(static other => other is "restore" or "recover" or "from" or "untrash"
            || Vocabulary.Find(other) is { IsFirm: true, Category: ToolCategory.Read }),
        "reset" => _words.Contains("password")
            && _words.Exists(static other => other is "confirm" or "complete" or "request" or "send" or "email"),
        _ => false,
    };

    /// <summary>
    /// Returns a verb with the category that it has for the object of the name: cells are merged by writing, programs
    /// are terminated by stopping them, a timer that starts is an entry.
    /// </summary>
    private Verb InContext(Verb verb) => verb.Word switch
    {
        _ when verb.Category == ToolCategory.Financial && IsAboutCode => verb with { Category = ToolCategory.Write },
        "merge" when _words.Exists(Vocabulary.Joined.Contains) => verb with { Category = ToolCategory.Write },
        "anular" or "void" or "revertir" or "reverter" when Money is not null || MaybeMoney is not null =>
            verb with { Category = ToolCategory.Financial },
        "remove" when _words.Exists(static word => word is "liquidity" or "collateral") =>
            verb with { Category = ToolCategory.Financial },
        "restore" when _words.Exists(static word => word is "backup" or "backups" or "snapshot") =>
            verb with { Category = ToolCategory.Destructive },
        "remove" when _words.Exists(Vocabulary.Edited.Contains) => verb with { Category = ToolCategory.Write },
        "withdraw" when HasFarFromMoney && Money is null => verb with { Category = ToolCategory.Write },
        "connect" or "disconnect" when Links(verb.Word) => verb with { Category = ToolCategory.Write },
        "apply" when _words.Exists(Vocabulary.Styles.Contains) => verb with { Category = ToolCategory.Write },
        "start" when _words.Exists(static word => word is "game" or "battle" or "feature" or "project" or "task"
            or "thread" or "conversation") => verb with { Category = ToolCategory.Write },
        "terminate" when _words.Exists(Vocabulary.Programs.Contains) => verb with { Category = ToolCategory.Execute },
        "start" or "stop" or "pause" or "resume" when _words.Exists(Vocabulary.Timed.Contains) =>
            verb with { Category = ToolCategory.Write },
        _ => verb,
    };

    /// <summary>
    /// Returns true if the verb's object is before "to" or "from": <c>connect_inventory_to_location</c>.
    /// </summary>
    private bool Links(string verb) =>
        _words.FindIndex(static word => word is "to" or "from") > _words.IndexOf(verb) + 1;

    private bool Joins() => _words.Contains("and") || _words.Contains("or");

    /// <summary>
    /// Returns a noun that is a verb at the start of a name, before a verb that reads: <c>transfer_list</c>.
    /// </summary>
    private Verb? Opens(Verb firm) =>
        First != firm.Word && Last == firm.Word && firm.Word is "list" or "check"
            ? Vocabulary.Find(First)
            : null;

    private Verb? Inner() => _words.Select(Vocabulary.Find).FirstOrDefault(static verb => verb is not null);
}
