using Gateway.Proxy.Searching;

namespace Gateway.Catalogue.Classifying;

/// <summary>What a tool's name tells. The verb beats the noun: <c>list_invoices</c> lists.</summary>
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

    /// <summary>Whether it begins with a verb that only ever takes away.</summary>
    public bool BeginsDestructive =>
        Verb is { IsFirm: true, Category: ToolCategory.Destructive } && Verb.Word == First;

    public bool EndsShown => Vocabulary.Shown.Contains(Last);

    /// <summary>Whether it ends with what is looked at, and no firm verb says otherwise.</summary>
    public bool IsShown => EndsShown && Verb is not { IsFirm: true };

    public string? Money => _words.Find(Vocabulary.Money.Contains);

    public string? MaybeMoney => _words.Find(Vocabulary.MaybeMoney.Contains);

    public bool HasMoney => Money is not null || MaybeMoney is not null;

    public bool HasFarFromMoney => _words.Exists(Vocabulary.FarFromMoney.Contains);

    public bool IsDeploy => Verb is { Word: "deploy" };

    /// <summary>Whether it looks at a statement instead of running it.</summary>
    public bool IsAboutStatements => _words.Exists(static word =>
        word is "plan" or "explain" or "validate" or "dry" or "format" or "lint" or "schema" or "history");

    public bool IsScreen => First is "browser" or "playwright" or "puppeteer" or "mobile" or "screen" or "desktop"
        or "mouse" or "keyboard";

    /// <summary>Whether the verb is one of the hand's, and not one that makes or shows something.</summary>
    public bool DrivesScreen => Verb is null or { IsFirm: false } or { Word: "upload" or "move" or "set" or "wait" };

    public string? StartsSomething => Verb is
    {
        Word: "create" or "post" or "trigger" or "submit" or "launch" or "send" or "add" or "resize"
    }
        ? _words.Find(Vocabulary.Started.Contains)
        : null;

    /// <summary>What is looked at or for, where the verb only says that this is begun: <c>start_crawl</c>.</summary>
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

    /// <summary>What lets somebody in, where the verb hands it out or uses it up.</summary>
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

    /// <summary>A noun that is a verb where it opens a name, before one that reads: <c>transfer_list</c>.</summary>
    private Verb? Opens(Verb firm) =>
        First != firm.Word && Last == firm.Word && firm.Word is "list" or "search" or "check"
            ? Vocabulary.Find(First)
            : null;

    private Verb? Inner() => _words.Select(Vocabulary.Find).FirstOrDefault(static verb => verb is not null);
}
