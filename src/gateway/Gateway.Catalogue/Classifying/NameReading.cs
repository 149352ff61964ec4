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
        _words = NameWords.Of(name, CharsMax, humps: true);
        Verb = FindVerb() ?? Vocabulary.FindSign(name.Length > CharsMax ? name[..CharsMax] : name);
    }

    public Verb? Verb { get; }

    public IReadOnlyList<string> Words => _words;

    public string First => _words.Count > 0 ? _words[0] : "";

    public string Last => _words.Count > 0 ? _words[^1] : "";

    /// <summary>True if it begins with a verb that is always destructive.</summary>
    public bool BeginsDestructive =>
        Verb is { IsFirm: true, Category: ToolCategory.Destructive } && Verb.Word == First;

    public bool EndsShown => Vocabulary.Shown.Contains(Last);

    /// <summary>True if it ends with a noun for displayed data, and no firm verb contradicts that.</summary>
    public bool IsShown => EndsShown && Verb is not { IsFirm: true };

    public string? Money => _words.Find(Vocabulary.Money.Contains);

    public string? MaybeMoney => _words.Find(Vocabulary.MaybeMoney.Contains);

    public bool HasMoney => Money is not null || MaybeMoney is not null;

    public bool HasFarFromMoney => _words.Exists(Vocabulary.FarFromMoney.Contains);

    public bool IsDeploy => Verb is { Word: "deploy" };

    /// <summary>True if it inspects a statement instead of running it.</summary>
    public bool IsAboutStatements => _words.Exists(static word =>
        word is "plan" or "explain" or "validate" or "dry" or "format" or "lint" or "schema" or "history");

    public bool IsScreen => First is "browser" or "playwright" or "puppeteer" or "mobile" or "screen" or "desktop"
        or "mouse" or "keyboard";

    /// <summary>True if the verb is an input action, not one that creates or shows something.</summary>
    public bool DrivesScreen => Verb is null or { IsFirm: false } or { Word: "upload" or "move" or "set" or "wait" };

    public string? StartsSomething => Verb is
    {
        Word: "create" or "post" or "trigger" or "submit" or "launch" or "send" or "add" or "resize"
    }
        ? _words.Find(Vocabulary.Started.Contains)
        : null;

    /// <summary>The object of a search or crawl, if the verb only starts it: <c>start_crawl</c>.</summary>
    public string? Looks => Verb is
    {
        Word: "start" or "run" or "create" or "perform" or "execute" or "submit" or "launch" or "trigger" or "do"
    }
        ? _words.Find(static word => word is "crawl" or "crawler" or "scrape" or "search" or "research")
        : null;

    /// <summary>A decision on a dispute or a return, which moves money.</summary>
    public string? DecidesMoney => Verb is
    {
        Word: "accept" or "approve" or "submit" or "close" or "decline" or "reject" or "deny" or "contest"
            or "concede" or "create" or "update" or "respond" or "authorize" or "open" or "process" or "refuse"
    }
        ? _words.Find(static word => word is "dispute" or "disputes" or "chargeback" or "chargebacks" or "returns"
            or "devolucao" or "devolucion")
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
        Verb? firm = null;
        foreach (var word in _words)
        {
            if (Vocabulary.Find(word) is not { IsFirm: true } verb)
                continue;
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

    private bool Joins() => _words.Contains("and") || _words.Contains("or");

    /// <summary>
    /// Returns a noun that is a verb at the start of a name, before a verb that reads: <c>transfer_list</c>.
    /// </summary>
    private Verb? Opens(Verb firm) =>
        First != firm.Word && Last == firm.Word && firm.Word is "list" or "search" or "check"
            ? Vocabulary.Find(First)
            : null;

    private Verb? Inner() => _words.Select(Vocabulary.Find).FirstOrDefault(static verb => verb is not null);
}
