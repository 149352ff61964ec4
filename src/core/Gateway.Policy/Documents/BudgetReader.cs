using System.Collections.Immutable;
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
    public static Budget? Load(string name, ReadOnlyMemory<byte> utf8, out ImmutableArray<PolicyProblem> problems)
    {
        var sink = new ProblemSink("budget", new LineMap(utf8));
        var duplicates = new List<JsonFault>();
        var root = JsonTreeReader.Read(utf8.Span, PolicyBounds.DocumentDepthMax, duplicates, out var fault);
        foreach (var one in fault is { } found ? duplicates.Append(found) : duplicates)
            sink.Error(one.Offset, one.Pointer, one.Message);
        var budget = root is null ? null : Read(name, root, "", new DocumentContext(sink));
        problems = sink.ToImmutable();
        return sink.HasErrors ? null : budget;
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
        if (members.Optional("services") is null && grants.IsEmpty && domains.IsEmpty)
        {
            members.Error(node, pointer, "nobody may charge it: name under \"services\" the operators whose keys may, "
                + "under \"grants\" the grants or under \"domains\" the domains of Envoy's descriptors, \"*\" for all");
        }

        members.RefuseOthers();
        if (max == Amount.Zero)
            members.Error(node, members.PointerTo("max"), "\"max\" is 0, which admits nothing: use more");
        if (window is not { } read || max is not { } most || !PolicyNames.IsValid(name))
            return null;
        return new Budget(name, kind, read.Window, read.Text)
        {
            Max = most,
            KindText = members.Optional("kind")?.Text ?? WindowKind.Names[0],
            Zone = members.Optional("zone")?.Text,
            IsKeyed = isKeyed == true,
            IsRefundable = isRefundable == true,
            Services = services,
            Grants = grants,
            Domains = domains,
        };
    }

    private static ImmutableArray<string> Names(MemberReader members, string name, Func<string, bool> isName)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var (node, pointer) in members.Items(members.Optional(name), name))
        {
            if (node.Kind == JsonKind.String && (node.Text == Budget.Everybody || isName(node.Text)))
                names.Add(node.Text);
            else
                members.Error(node, pointer, $"this must be a name, {PolicyNames.Rule}, or \"*\" for all");
        }

        return names.ToImmutable();
    }
}
