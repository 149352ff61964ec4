using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>limits</c> and <c>rate_limit</c>.</summary>
internal static class LimitReader
{
    private const string Subject = "subject";

    private const string WindowHint =
        "\"second\", \"minute\", \"hour\", \"day\", \"week\", \"month\", whole seconds such as 60, "
        + "or a length in s, m, h or d such as \"15m\" or \"7d\", at most 3660d";

    public static ImmutableArray<LimitDocument> ReadList(MemberReader owner)
    {
        var limits = ImmutableArray.CreateBuilder<LimitDocument>();
        foreach (var (node, pointer) in owner.Items(owner.Optional("limits"), "limits"))
        {
            if (MemberReader.Open(node, pointer, "a limit", owner.Context) is { } members && Read(members) is { } limit)
                limits.Add(limit);
        }

        return limits.ToImmutable();
    }

    /// <summary>Reads the short form: one counter of the grant, named after the entry.</summary>
    public static LimitDocument? ReadShort(MemberReader owner, string entry)
    {
        const string name = "rate_limit";
        if (owner.Optional(name) is not { } node)
            return null;
        if (MemberReader.Open(node, owner.PointerTo(name), "\"rate_limit\"", owner.Context) is not { } members)
            return null;
        var window = ReadWindow(members);
        var max = ReadMax(members);
        members.RefuseOthers();
        if (window is not { } windowRead || max is not { } maxRead)
            return null;
        return new LimitDocument
        {
            Pointer = members.Pointer,
            Offset = members.Offset,
            Counter = $"{entry}_rate",
            Window = windowRead.Window,
            WindowText = windowRead.Text,
            Max = maxRead,
        };
    }

    private static LimitDocument? Read(MemberReader members)
    {
        var counter = ReadCounter(members);
        var window = ReadWindow(members);
        var max = ReadMax(members);
        window = ReadZone(members, window);
        var scope = members.Choice(members.Optional("scope"), "scope", "grant", "session", "server", Subject);
        var countsForGrant = ReadWithout(members, scope == Subject);
        var kind = ReadKind(members, window?.Window ?? default);
        var increment = ReadIncrement(members);
        var path = ReadIncrementFrom(members);
        var by = ValuePathReader.Read(members);
        var keysMax = ValuePathReader.ReadMax(members, members.Optional("by") is not null || scope == Subject);
        var refund = members.Flag(members.Optional("refund_on_error"), "refund_on_error");
        var notifyAt = NotifyReader.Read(members, max);
        var wait = ApprovalReader.ReadWait(members);
        members.RefuseOthers();
        if (counter is null || window is not { } windowRead || max is not { } maxRead)
            return null;
        return new LimitDocument
        {
            Pointer = members.Pointer,
            Offset = members.Offset,
            Counter = counter,
            Window = windowRead.Window,
            WindowText = windowRead.Text,
            Max = maxRead,
            Scope = scope switch
            {
                "session" => LimitScope.Session,
                "server" or Subject => LimitScope.Server,
                "grant" or null => LimitScope.Grant,
                var other => throw new UnreachableException(other),
            },
            IsPerSubject = scope == Subject,
            CountsForGrant = countsForGrant,
            Kind = kind,
            Increment = increment,
            IncrementFrom = path,
            By = by,
            KeysMax = keysMax,
            RefundOnError = refund ?? path is not null,
            NotifyAt = notifyAt,
            Wait = wait,
        };
    }

    /// <summary>Returns true if a call without a subject counts for its grant.</summary>
    private static bool ReadWithout(MemberReader members, bool isPerSubject)
    {
        const string name = "without";
        if (members.Optional(name) is not { } node)
            return false;
        if (!isPerSubject)
        {
            members.Error(node, members.PointerTo(name),
                $"\"{name}\" has an effect only with \"scope\": \"{Subject}\": remove it, or use that scope");
        }

        return members.Choice(node, name, "grant") is not null;
    }

    private static string? ReadCounter(MemberReader members)
    {
        if (members.Required("counter", "give the counter a name") is not { } node)
            return null;
        if (members.AsText(node, "counter") is not { } counter)
            return null;
        if (PolicyNames.IsValid(counter))
            return counter;
        members.Error(node, members.PointerTo("counter"),
            $"\"{Spelling.Shorten(counter)}\" is not a valid counter name: {PolicyNames.Rule}");
        return null;
    }

    public static (Window Window, string Text)? ReadWindow(MemberReader members)
    {
        if (members.Required("window", $"write {WindowHint}") is not { } node)
            return null;
        var isWindow = node.Kind switch
        {
            JsonKind.String => Window.TryParse(node.Text, out _),
            JsonKind.Number => TrySeconds(node.Text, out _),
            _ => false,
        };
        if (!isWindow)
        {
            members.Error(node, members.PointerTo("window"), node.Kind is JsonKind.String or JsonKind.Number
                ? $"\"{Spelling.Shorten(node.Text)}\" is not a window: write {WindowHint}"
                : $"\"window\" must be {WindowHint}, not {MemberReader.Describe(node)}");
            return null;
        }

        if (node.Kind == JsonKind.String && Window.TryParse(node.Text, out var named))
            return (named, node.Text);
        return TrySeconds(node.Text, out var seconds) ? (seconds, node.Text) : null;
    }

    private static bool TrySeconds(string text, out Window window)
    {
        window = default;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Window.TryFromSeconds(seconds, out window);
    }

    public static Amount? ReadMax(MemberReader members) =>
        AmountReader.Read(members, members.Required("max", "write how much one window admits"), "max");

    /// <summary>Applies the limit's zone to its window.</summary>
    public static (Window Window, string Text)? ReadZone(MemberReader members, (Window Window, string Text)? window)
    {
        const string name = "zone";
        if (members.Optional(name) is not { } node
            || members.AsText(node, name) is not { } text)
            return window;
        var zone = CalendarZone.Of(text);
        if (zone is not { IsKnown: true })
        {
            TimeReader.RefuseZone(members, node, text);
            return window;
        }

        if (window is not { } plain)
            return window;
        CalendarUnit? unit = plain.Text switch
        {
            "day" => CalendarUnit.Day,
            "week" => CalendarUnit.Week,
            "month" => CalendarUnit.Month,
            _ => null,
        };
        if (unit is { } known)
            return (Window.Of(known, zone), plain.Text);
        members.Error(node, members.PointerTo(name),
            $"\"zone\" has no effect on the window \"{Spelling.Shorten(plain.Text)}\": write \"day\", \"week\" or "
            + "\"month\" as the window, or omit \"zone\"");
        return window;
    }

    public static IWindowKind ReadKind(MemberReader members, Window window)
    {
        var node = members.Optional("kind");
        var name = members.Choice(node, "kind", WindowKind.Names.AsSpan());
        var kind = WindowKind.Meant(name, window);
        if (window != default && node is not null && kind.Check(window) is { } problem)
            members.Error(node, members.PointerTo("kind"), problem);
        return kind;
    }

    public static Amount ReadIncrement(MemberReader members)
    {
        var node = members.Optional("increment");
        if (AmountReader.Read(members, node, "increment") is not { } increment)
            return Amount.One;
        if (increment == Amount.Zero)
            members.Error(node!, members.PointerTo("increment"),
                "a call that counts 0 is never limited: write more than 0");
        return increment;
    }

    public static ArgumentPath? ReadIncrementFrom(MemberReader members)
    {
        const string name = "increment_from";
        if (members.Optional(name) is not { } node)
            return null;
        if (members.Optional("increment") is not null)
            members.Error(node, members.PointerTo(name), "\"increment\" and \"increment_from\" exclude each other: "
                + "remove one of them");
        if (members.AsText(node, name) is not { } text)
            return null;
        if (ArgumentPath.TryParse(text, out var path, out var problem) && !path.HasEvery)
            return path;
        members.Error(node, members.PointerTo(name), problem ?? "\"[*]\" names more than one value: name a single one "
            + "to count");
        return null;
    }

    public static void WarnOfLoneSessions(ImmutableArray<LimitDocument> limits, ProblemSink problems)
    {
        if (limits.Any(static limit => limit.Scope != LimitScope.Session))
            return;
        foreach (var limit in limits)
        {
            problems.Warn(FindingKind.LoneSession, limit.Offset, limit.Pointer,
                "an agent can open a new session to escape a session's limit: add a limit of scope \"grant\"");
        }
    }
}
