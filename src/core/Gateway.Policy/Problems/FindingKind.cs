using System.Collections.Immutable;

namespace Gateway.Policy.Problems;

/// <summary>A kind of finding: a document that loads, but is probably not what its author intended.</summary>
/// <param name="Code">The stable name of the kind: <c>lower-case-words</c>.</param>
/// <param name="Says">The meaning, in one sentence.</param>
/// <param name="WayOut">The remedy.</param>
/// <param name="Example">Members of a policy that produce the finding.</param>
public sealed record FindingKind(string Code, string Says, string WayOut, string Example)
{
    /// <summary>Another limit on the same calls always refuses first.</summary>
    public static FindingKind LooseLimit { get; } = new("loose-limit",
        "Another limit on the same calls always refuses first, so this limit never refuses a call.",
        "Remove one of the two limits, or give this limit a smaller `max`.",
        """
        "tools": { "send": { "limits": [
          { "counter": "minute", "window": "minute", "max": 10 }, { "counter": "hour", "window": "hour", "max": 1000 }
        ] } }
        """);

    /// <summary>A session's limit has no grant limit beside it.</summary>
    public static FindingKind LoneSession { get; } = new("lone-session-limit",
        "An agent can evade a limit of scope `session` by opening a new session.",
        "Add a limit of scope `grant`.",
        """
        "tools": { "send": { "limits": [ { "counter": "c", "window": "hour", "max": 5, "scope": "session" } ] } }
        """);

    /// <summary>A limit that a denial makes ineffective.</summary>
    public static FindingKind LimitBehindDeny { get; } = new("limit-behind-deny",
        "The action denies every call, so the limit has no effect.",
        "Remove the action or the limit.",
        """
        "tools": { "send": { "action": "deny", "limits": [ { "counter": "c", "window": "hour", "max": 5 } ] } }
        """);

    /// <summary>A condition for approval that the action makes ineffective.</summary>
    public static FindingKind IdleApproveIf { get; } = new("idle-approve-if",
        "The action denies every call, or requires approval of every call, so `approve_if` has no effect.",
        "Remove the action or the conditions.",
        """
        "tools": { "send": { "action": "approve", "approve_if": [ { "path": "args.n", "op": "gt", "value": 1 } ] } }
        """);

    /// <summary>A call that waits longer than its approval request stays open.</summary>
    public static FindingKind LongWait { get; } = new("long-wait",
        "A call waits for a decision longer than its approval request stays open.",
        "Use a shorter `wait` or a longer `expires`.",
        """
        "tools": { "send": { "action": "approve", "approval": { "expires": "10s", "wait": "45s" } } }
        """);

    /// <summary>A number that a call cannot send.</summary>
    public static FindingKind InexactNumber { get; } = new("inexact-number",
        "This number is not exact as a double, so a call is refused if it sends this value as a number.",
        "Write the number as a string, or set `\"number\": \"decimal\"` in the entry if the server parses decimals.",
        """
        "tools": { "send": { "deny_if": [ { "path": "args.id", "op": "eq", "value": 9007199254740993 } ] } }
        """);

    /// <summary>An escalation to an unknown channel.</summary>
    public static FindingKind UnknownChannel { get; } = new("unknown-channel",
        "The gateway has no channel of this name, so nobody is notified of an unanswered request.",
        "Correct the name, or add the channel.",
        """
        "tools": { "send": { "action": "approve", "approval": { "escalate": { "after": "5m", "to": "nigths" } } } }
        """);

    /// <summary>Two patterns that can match the same tool.</summary>
    public static FindingKind OverlappingPatterns { get; } = new("overlapping-patterns",
        "Two patterns can match the same tool, and then only the longer pattern applies.",
        "Name such tools exactly.",
        """
        "tools": { "send_*": {}, "*_payment": { "action": "deny" } }
        """);

    /// <summary>A name that was probably meant as a regular expression.</summary>
    public static FindingKind ExpressionName { get; } = new("expression-name",
        "A name is compared character by character, and only `*` and `?` are wildcards.",
        "Write the pattern with wildcards, such as `send_*`.",
        """
        "tools": { "^send_.*$": {} }
        """);

    /// <summary>A URI pattern that matches nothing.</summary>
    public static FindingKind UnmatchedUri { get; } = new("unmatched-uri",
        "No URI can match the pattern, because an ambiguous URI is never allowed.",
        "Write the URI without dot segments, backslashes or invisible characters.",
        """
        "resources": { "allow": [ "file:///a/../b" ] }
        """);

    /// <summary>Conditions that exclude each other.</summary>
    public static FindingKind Impossible { get; } = new("impossible-condition",
        "No value of the argument can meet the conditions, alone or together.",
        "Remove a condition, or correct its value.",
        """
        "tools": { "pay": { "require": [
          { "path": "args.amount", "op": "gt", "value": 100 }, { "path": "args.amount", "op": "lt", "value": 50 }
        ] } }
        """);

    /// <summary>A name that the server does not have.</summary>
    public static FindingKind UnknownTool { get; } = new("unknown-tool",
        "The server offers no tool of this name.",
        "Correct the name, or remove the entry.",
        """
        "tools": { "pya": {} }
        """);

    /// <summary>A pattern that matches none of the server's tools.</summary>
    public static FindingKind EmptyPattern { get; } = new("empty-pattern",
        "The pattern matches no tool that the server offers.",
        "Correct the pattern, or remove the entry.",
        """
        "tools": { "archive_*": {} }
        """);

    /// <summary>A pattern that allows a risky tool along with others.</summary>
    public static FindingKind BroadPattern { get; } = new("broad-pattern",
        "A pattern that allows calls matches a high-risk tool along with other tools.",
        "Give that tool an entry with its exact name.",
        """
        "tools": { "*": { "limits": [ { "counter": "c", "window": "hour", "max": 5 } ] } }
        """);

    /// <summary>An entry that applies to no tool.</summary>
    public static FindingKind NeverDecides { get; } = new("never-decides",
        "Every tool that the entry matches is hidden or has a more specific entry.",
        "Remove the entry.",
        """
        "hide": [ "pa*" ], "tools": { "p*": {} }
        """);

    /// <summary>A tool that two patterns match.</summary>
    public static FindingKind NamedTwice { get; } = new("named-twice",
        "Two patterns match a tool of the server, and only the longer pattern applies.",
        "Give that tool an entry with its exact name.",
        """
        "tools": { "l*": {}, "li*": {} }
        """);

    /// <summary>A tool whose name looks like another one.</summary>
    public static FindingKind AmbiguousTool { get; } = new("ambiguous-tool",
        "The name of a tool of the server differs from another name only in case, Unicode form or look-alike "
            + "characters.",
        "Give the tool an entry with its exact name, or accept the tool's definition.",
        """
        "default": "allow", "tools": { "Pay": { "action": "deny" } }
        """);

    /// <summary>Tools that no entry matches.</summary>
    public static FindingKind Uncovered { get; } = new("uncovered-tools",
        "No entry names these tools of the server; the default decides.",
        "Write entries for these tools, or let the default decide.",
        """
        "tools": { "list": {} }
        """);

    /// <summary>A risky tool that the default allows.</summary>
    public static FindingKind OpenRisk { get; } = new("open-risk",
        "The default allows a tool of high risk that no entry names.",
        "Write an entry for the tool, or set `\"default\": \"deny\"`.",
        """
        "default": "allow", "tools": { "list": {} }
        """);

    /// <summary>An argument that the tool does not have.</summary>
    public static FindingKind UnknownArgument { get; } = new("unknown-argument",
        "The tool's schema has no such argument.",
        "Correct the path.",
        """
        "tools": { "pay": { "require": [ { "path": "args.amuont", "op": "lt", "value": 5 } ] } }
        """);

    /// <summary>A part of the response that the tool does not have.</summary>
    public static FindingKind UnknownResult { get; } = new("unknown-result",
        "The tool's output schema has no such value, so nothing is redacted or denied.",
        "Correct the path.",
        """
        "tools": { "list": { "results": { "redact": [ { "path": "result.structuredContent.emial" } ] } } }
        """);

    /// <summary>A comparison that the argument's type never meets.</summary>
    public static FindingKind WrongType { get; } = new("wrong-type",
        "The tool's schema gives the argument a type, or values, with which the comparison is never true.",
        "Correct the operator or the value.",
        """
        "tools": { "pay": { "deny_if": [ { "path": "args.amount", "op": "starts_with", "value": "9" } ] } }
        """);

    /// <summary>Tools without any limit.</summary>
    public static FindingKind Unlimited { get; } = new("unlimited-tools",
        "Agents may call these tools without any limit.",
        "Add `limits` to the entries, or to `all_tools`.",
        """
        "tools": { "pay": {} }
        """);

    /// <summary>Amounts without a limit.</summary>
    public static FindingKind Uncapped { get; } = new("uncapped-spend",
        "No limit counts the amounts in calls of this tool.",
        "Add a limit with `increment_from` on that argument.",
        """
        "tools": { "pay": { "limits": [ { "counter": "c", "window": "hour", "max": 5 } ] } }
        """);

    /// <summary>A keyword of a schema that looks like a rule but has no effect.</summary>
    public static FindingKind IdleKeyword { get; } = new("idle-keyword",
        "The keyword has no effect: it only describes a value, or is used without the keyword that it depends on.",
        "Use a different keyword or a condition, or remove this keyword.",
        """
        "tools": { "send": { "arguments": { "properties": { "to": { "format": "email" } } } } }
        """);

    /// <summary>A tool's output schema that a redacted response cannot be checked against.</summary>
    public static FindingKind UncheckedSchema { get; } = new("unchecked-output-schema",
        "The gateway cannot check the tool's output schema, so it denies every redacted response of the tool.",
        "Have the server use a schema that the gateway knows, or use `deny_if` instead of `redact`.",
        """
        "tools": { "export": { "results": { "redact": [ { "known": "email" } ] } } }
        """);

    /// <summary>A rule by class that replaces that of a pattern.</summary>
    public static FindingKind ClassBeforePattern { get; } = new("class-before-pattern",
        "The pattern does not apply to a tool that it matches, because the rule of the tool's class takes precedence.",
        "Give the tool an entry with its exact name, or remove the pattern.",
        """
        "classes": { "uncertain": { "action": "deny" } }, "tools": { "pa*": {} }
        """);

    /// <summary>A rule for uncertain tools that is less strict than that of another class.</summary>
    public static FindingKind LooseUncertain { get; } = new("loose-uncertain",
        "A server can move a tool out of its class by changing the definition, and the rule for `uncertain` is less "
            + "strict than the rule of that class.",
        "Make the rule for `uncertain` at least as strict, or remove it, so that such tools are denied.",
        """
        "classes": { "Destructive": { "action": "deny" }, "uncertain": { "action": "approve" } }
        """);

    /// <summary>All kinds, in the order of the reference.</summary>
    public static ImmutableArray<FindingKind> All { get; } =
    [
        Impossible, LooseLimit, LoneSession, LimitBehindDeny, InexactNumber, IdleApproveIf, LongWait, UnknownChannel,
        OverlappingPatterns, ExpressionName, UnmatchedUri, UnknownTool, EmptyPattern, BroadPattern, NeverDecides,
        NamedTwice, ClassBeforePattern, LooseUncertain, AmbiguousTool, Uncovered, OpenRisk, UnknownArgument,
        UnknownResult, WrongType, IdleKeyword,
        UncheckedSchema, Unlimited, Uncapped,
    ];

    /// <summary>Returns the code.</summary>
    public override string ToString() => Code;
}
