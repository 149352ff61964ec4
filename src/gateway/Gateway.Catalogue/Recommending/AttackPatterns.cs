using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Proxy.Searching;

namespace Gateway.Catalogue.Recommending;

/// <summary>
/// The attacks that apply to each kind of tool, with the names of SAFE-MCP, OWASP's MCP Top 10 of 2025 and MITRE ATLAS.
/// </summary>
public static class AttackPatterns
{
    private static readonly AttackPattern Poisoning = new("tool poisoning", Sources("T1001 T1501", "03", "T0110"),
        "The description or schema of the tool contains instructions that the agent's model follows.",
        "\"pin\": \"deny\" hides and refuses a tool until an operator has accepted its definition");

    private static readonly AttackPattern RugPull = new("rug pull", Sources("T1201", null, "T0109"),
        "The tool is changed after a person has reviewed it.",
        "\"pin\": \"deny\" hides and refuses a changed tool until an operator accepts the new definition");

    private static readonly AttackPattern Shadowing = new("shadowing", Sources("T1301 T1004", null, null),
        "A tool of another server has the same or a similar name and receives the calls meant for this tool.",
        "a grant names its servers, and each policy applies to one of them; \"hide\" removes the other tool");

    private static readonly AttackPattern Injection = new("prompt injection through results",
        Sources(null, "06 10", "T0051.001"),
        "The tool's result contains instructions, and the agent acts on them with its other tools.",
        "\"results\" redacts or denies responses; \"action\": \"approve\" on the tools that send or pay");

    private static readonly AttackPattern Deputy = new("confused deputy", Sources("T1307", "07", null),
        "The server uses its own rights to act for an agent that has fewer rights.",
        "give each server its own credential, pass no token on, and give each agent its own grant");

    private static readonly AttackPattern Flood = new("message and one-time-password flooding",
        Sources("T1106", null, "T0034.002"),
        "A person receives message after message, and each message costs money.",
        "\"limits\", with \"by\" set to the recipient, and \"kind\": \"sliding\"");

    private static readonly AttackPattern Exfiltration = new("exfiltration through recipients or URLs",
        Sources("T1911", null, "T0086"),
        "An argument carries data out, to an address that the agent was persuaded to use.",
        "\"require\" with \"in\" or \"host_in\" over a list of recipients or hosts, \"length_lte\" on free text");

    private static readonly AttackPattern Smuggling = new("parameter smuggling", [],
        "An unchecked argument, or a value hidden in a string, contradicts the other arguments.",
        "\"arguments\" with \"additionalProperties\": false; \"matches\" on a string that contains several values");

    private static readonly AttackPattern Traversal = new("path traversal", Sources("T1105", "05", null),
        "A path with \"..\" or a link reaches unintended files.",
        "\"require\" with \"starts_with\", and \"deny_if\" with \"contains\": \"..\"");

    private static readonly AttackPattern Command = new("command injection", Sources(null, "05", null),
        "The code or command that the tool executes does more than the user requested.",
        "\"arguments\" with an \"enum\" or a \"pattern\"; \"action\": \"approve\" if neither is possible");

    private static readonly AttackPattern Loop = new("runaway loop", Sources("T1106", null, "T0034.002"),
        "An agent that does not understand a response calls again endlessly.",
        "\"limits\" and \"max_in_flight\"");

    private static readonly AttackPattern Tokens = new("returned tokens", Sources("T1504", "01", "T0098"),
        "The result contains a token that the agent may use or pass on elsewhere.",
        "\"results\" with \"redact\"; \"action\": \"approve\" and a low limit, because a limit alone does not hide a "
            + "token");

    private static readonly AttackPattern Destruction = new("destruction", Sources("T2101", null, "T0101"),
        "Data is deleted that should have been kept.",
        "\"action\": \"approve\", and a limit on calls per hour");

    private static readonly AttackPattern Fraud = new("fraud", Sources("T2104", null, "T0101"),
        "Money goes to the wrong recipient, or many small payments add up to a large sum.",
        "\"approve_if\" above a threshold, and a daily limit with \"increment_from\" on the amount");

    /// <summary>Returns the attacks for this tool, its specific ones before those of every tool.</summary>
    public static IReadOnlyList<AttackPattern> Of(ToolFacts tool, Classification found)
    {
        var signs = SchemaSigns.Of(tool.InputSchema);
        var isRead = found.Category == ToolCategory.Read;
        var acts = found.Category is ToolCategory.Write or ToolCategory.Execute;
        var all = new List<AttackPattern>();
        var category = $"the tool is classified as {found.Category}";
        Add(found.Category == ToolCategory.Financial, Fraud, category);
        Add(found.Category == ToolCategory.Destructive, Destruction, category);
        Add(found.Category == ToolCategory.Secret, Tokens, category);
        Add(found.Category != ToolCategory.Secret && IsAboutSignIn(tool), Tokens,
            "its name or its result is about signing in");
        Add(acts && IsMessage(tool), Flood, "its name is about messages or calls to people");
        Add(signs.Receiver is not null || signs.Url is not null || (acts && IsMessage(tool)), Exfiltration,
            (signs.Receiver ?? signs.Url) is { } target ? Member(target) : "its name is about messages to people");
        Add(signs.Path is not null, Traversal, Member(signs.Path));
        Add(signs.Runs is not null, Command, Member(signs.Runs));
        Add(isRead || found.Category == ToolCategory.Execute, Injection,
            "it returns content that others may have written");
        Add(!isRead, Deputy, "it acts with the rights of the server's account");
        Add(!isRead, Smuggling, "its arguments decide what it changes");
        Add(true, Loop, "an agent can call every tool again and again");
        Add(true, Poisoning, "a model reads the definition of every tool");
        Add(true, RugPull, "a server can change every definition at any time");
        Add(true, Shadowing, "any server can offer a tool of the same name");
        return all;

        void Add(bool applies, AttackPattern pattern, string because)
        {
            if (applies)
                all.Add(pattern with { Because = because });
        }

        static string Member(string? name) => $"it has the parameter \"{name}\"";
    }

    private static bool IsMessage(ToolFacts tool) => NameWords.Of(tool.Name, 200, humps: true).Exists(static word =>
        word is "send" or "resend" or "message" or "messages" or "email" or "mail" or "sms" or "notify"
            or "notification" or "post" or "reply" or "otp" or "enviar" or "reenviar" or "invite" or "call");

    private static bool IsAboutSignIn(ToolFacts tool) =>
        SchemaSigns.Of(tool.OutputSchema).Secret is not null
        || NameWords.Of(tool.Name, 200, humps: true).Exists(static word =>
            word is "backchannel" or "login" or "signin" or "token" or "oauth" or "authenticate" or "credential"
                or "credentials" or "secret" or "password");

    private static string[] Sources(string? safe, string? owasp, string? atlas) =>
    [
        .. Each(safe).Select(static id => $"SAFE-MCP SAFE-{id}"),
        .. Each(owasp).Select(static id => $"OWASP MCP Top 10 2025 MCP{id}"),
        .. Each(atlas).Select(static id => $"MITRE ATLAS AML.{id}"),
    ];

    private static string[] Each(string? ids) => ids?.Split(' ') ?? [];
}

/// <summary>An attack with a kind of tool, and the gateway's rule that stops it.</summary>
/// <param name="Name">The name of the attack.</param>
/// <param name="Sources">Its identifiers in public collections.</param>
/// <param name="What">A description of the attack.</param>
/// <param name="StoppedBy">The rule in policy syntax, or a note that none stops it.</param>
public sealed record AttackPattern(string Name, IReadOnlyList<string> Sources, string What, string StoppedBy)
{
    /// <summary>The reason why the attack applies to this tool.</summary>
    public string Because { get; init; } = "";
}
