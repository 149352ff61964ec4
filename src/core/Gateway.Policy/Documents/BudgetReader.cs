using System.Collections.Immutable;
using System.Globalization;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Policy.Budgets;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads a budget: a limit as policies write it, and the names that may charge it.</summary>
public static class BudgetReader
{
    private const int DomainCharactersMax = 256;

    /// <summary>Reads the document of one budget; null if it has any error.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="utf8">The document.</param>
    /// <param name="problems">All problems, in the order of the document.</param>
    public static Budget? Load(string name, ReadOnlyMemory<byte> utf8, out ImmutableArray<PolicyProblem> problems) =>
        Load("budget", utf8, (root, context) => Read(name, root, "", context), out problems);

    /// <summary>Reads the document of one top-up; null if it has any error.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="now">The time from which a length counts, and after which the top-up must end.</param>
    /// <param name="problems">All problems, in the order of the document.</param>
    public static TopUp? LoadTopUp(
        ReadOnlyMemory<byte> utf8, DateTimeOffset now, out ImmutableArray<PolicyProblem> problems) =>
        Load("top-up", utf8, (root, context) => ReadTopUp(root, "", context, now), out problems);

    private static T? Load<T>(
        string what, ReadOnlyMemory<byte> utf8, Func<JsonNode, DocumentContext, T?> read,
        out ImmutableArray<PolicyProblem> problems)
        where T : class
    {
        var sink = new ProblemSink(what, new LineMap(utf8));
        var loaded = sink.Read(utf8.Span) is { } root ? read(root, new DocumentContext(sink)) : null;
        problems = sink.ToImmutable();
        return sink.HasErrors ? null : loaded;
    }

    /// <summary>Reads a budget; null if it is invalid, which is reported at its location.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="node">The JSON of the budget.</param>
    /// <param name="pointer">The location of the budget.</param>
    /// <param name="context">Receives problems.</param>
    public static Budget? Read(string name, JsonNode node, string pointer, DocumentContext context)
    {
        if (MemberReader.Open(node, pointer, "a budget", context) is not { } members)
            return null;
        if (!PolicyNames.IsValid(name))
            members.Error(
                node, pointer, $"\"{Spelling.Shorten(name)}\" is not a valid budget name: {PolicyNames.Rule}");
        var window = LimitReader.ReadZone(members, LimitReader.ReadWindow(members));
        var max = LimitReader.ReadMax(members);
        var kind = LimitReader.ReadKind(members, window?.Window ?? default);
        var isKeyed = members.Flag(members.Optional("keyed"), "keyed");
        var isRefundable = members.Flag(members.Optional("refundable"), "refundable");
        var services = Names(members, "services", PolicyNames.IsValid);
        var grants = Names(members, "grants", PolicyNames.IsValid);
        var domains = Names(members, "domains", static name => name.Length is > 0 and <= DomainCharactersMax);
        var mayCharge = members.Optional("services");
        var isUnusable = services.IsEmpty && grants.IsEmpty && domains.IsEmpty;
        if (isUnusable && mayCharge is not null)
        {
            // Previous releases accept this too, so files with it must still load.
            context.Problems.Warn(mayCharge.Offset, members.PointerTo("services"),
                "nobody may charge this budget: \"services\" is empty. List in it the operators whose keys may charge "
                + "it, or list \"grants\", or \"domains\" of Envoy's descriptors (\"*\" for all)");
        }
        else if (isUnusable)
        {
            members.Error(node, pointer, "nobody may charge this budget: list in \"services\" the operators whose keys "
                + "may charge it, in \"grants\" the grants, or in \"domains\" the domains of Envoy's descriptors "
                + "(\"*\" for all)");
        }

        var topUps = TopUps(members, kind, max);
        var notifyAt = NotifyAt(members, isKeyed == true);
        members.RefuseOthers();
        if (max == Amount.Zero)
            members.Error(node, members.PointerTo("max"), "\"max\" is 0, which admits nothing: use a larger number");
        if (window is not { } read || max is not { } most || !PolicyNames.IsValid(name))
            return null;
        return new Budget(name, kind, read.Window, read.Text)
        {
            Max = most,
            TopUps = topUps,
            NotifyAt = notifyAt,
            KindText = members.Optional("kind")?.Text ?? WindowKind.Names[0],
            Zone = members.Optional("zone")?.Text,
            IsKeyed = isKeyed == true,
            IsRefundable = isRefundable == true,
            Services = services,
            Grants = grants,
            Domains = domains,
        };
    }

    private static TopUp? ReadTopUp(
        JsonNode node, string pointer, DocumentContext context, DateTimeOffset? now = null)
    {
        if (MemberReader.Open(node, pointer, "a top-up", context) is not { } members)
            return null;
        var by = AmountReader.Read(members, members.Required("by", "write the amount to add to \"max\""), "by");
        var untilMs = ReadEnd(members, now);
        var reason = members.Required("reason", "write why the budget is topped up") is { } why
            ? members.AsText(why, "reason") : null;
        members.RefuseOthers();
        if (by == Amount.Zero)
            members.Error(node, members.PointerTo("by"), "\"by\" is 0, which adds nothing: use a larger number");
        if (reason is not null && (string.IsNullOrWhiteSpace(reason) || reason.Length > PolicyBounds.TopUpReasonMax))
        {
            members.Error(node, members.PointerTo("reason"),
                $"\"reason\" has {reason.Length} characters; 1 to {PolicyBounds.TopUpReasonMax} are allowed");
        }

        return by is { } amount && untilMs is { } ms && reason is not null ? new TopUp(amount, ms, reason) : null;
    }

    private static long? ReadEnd(MemberReader members, DateTimeOffset? now)
    {
        const string name = "until";
        if (members.Required(name, "write when the top-up ends") is not { } node
            || members.AsText(node, name) is not { } text)
            return null;
        if (!(now is { } start ? WrittenTime.TryAhead(text, start, out var end)
            : WrittenTime.TryInstant(text, out end)))
        {
            var rule = now is null ? "an instant such as 2027-06-30T00:00:00Z" : WrittenTime.Rule;
            members.Error(node, members.PointerTo(name), $"\"{name}\" must be {rule}");
            return null;
        }

        if (end <= now)
            members.Error(node, members.PointerTo(name), $"\"{name}\" is not in the future: write a later time");
        // Times are written in whole seconds; a length ends with the second.
        var endMs = end.ToUnixTimeMilliseconds();
        return now is null ? endMs : (endMs + 999) / 1000 * 1000;
    }

    private static ImmutableArray<TopUp> TopUps(MemberReader members, IWindowKind kind, Amount? max)
    {
        const string name = "topUps";
        var topUps = ImmutableArray.CreateBuilder<TopUp>();
        var (node, sum) = (members.Optional(name), max ?? Amount.Zero);
        foreach (var (item, pointer) in members.Items(node, name))
        {
            if (ReadTopUp(item, pointer, members.Context) is not { } read)
                continue;
            topUps.Add(read);
            if (!Amount.TryAdd(sum, read.By, out sum))
                members.Error(item, pointer, "\"max\" plus all top-ups must have at most 18 integer digits");
        }

        if (topUps.Count > PolicyBounds.TopUpsMax)
        {
            members.Error(node!, members.PointerTo(name),
                $"a budget has at most {PolicyBounds.TopUpsMax} top-ups: remove one, or change \"max\"");
        }

        if (topUps.Count > 0 && !kind.CanRaise)
            members.Error(node!, members.PointerTo(name), "a budget of the kind \"bucket\" has no top-ups: remove "
                + "them, and change \"max\"");
        return topUps.ToImmutable();
    }

    private static ImmutableArray<int> NotifyAt(MemberReader members, bool isKeyed)
    {
        const string name = "notifyAt";
        var percents = ImmutableArray.CreateBuilder<int>();
        var node = members.Optional(name);
        foreach (var (item, pointer) in members.Items(node, name))
        {
            if (item.Kind == JsonKind.Number && int.TryParse(item.Text, CultureInfo.InvariantCulture, out var percent)
                && percent is >= 1 and <= 100 && (percents.Count == 0 || percents[^1] < percent))
                percents.Add(percent);
            else
                members.Error(item, pointer, "this must be a whole percentage from 1 to 100, above the previous one");
        }

        if (percents.Count > PolicyBounds.BudgetNotifyMax)
        {
            members.Error(node!, members.PointerTo(name),
                $"\"{name}\" has at most {PolicyBounds.BudgetNotifyMax} percentages");
        }

        if (percents.Count > 0 && isKeyed)
            members.Error(node!, members.PointerTo(name), "a keyed budget has one counter for each key: remove "
                + "\"notifyAt\"");
        return percents.ToImmutable();
    }

    private static ImmutableArray<string> Names(MemberReader members, string name, Func<string, bool> isName)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var (node, pointer) in members.Items(members.Optional(name), name))
        {
            if (node.Kind == JsonKind.String && (node.Text == Budget.Everybody || isName(node.Text)))
                names.Add(node.Text);
            else
                members.Error(node, pointer, $"this must be \"*\" for all, or a name: {PolicyNames.Rule}");
        }

        return names.ToImmutable();
    }
}
