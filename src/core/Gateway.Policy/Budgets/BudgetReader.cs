using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Budgets;

/// <summary>Reads a budget: a limit as policies write it, and who may charge it.</summary>
public static class BudgetReader
{
    /// <summary>Null where it is wrong, which is reported at its place.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="node">As it was written.</param>
    /// <param name="pointer">Where it stands.</param>
    /// <param name="context">Takes what is wrong.</param>
    public static Budget? Read(string name, JsonNode node, string pointer, DocumentContext context)
    {
        if (MemberReader.Open(node, pointer, "a budget", context) is not { } members)
            return null;
        if (!PolicyNames.IsValid(name))
            members.Error(node, pointer, $"\"{Spelling.Shorten(name)}\" is no budget's name: {PolicyNames.Rule}");
        var window = LimitReader.ReadZone(members, LimitReader.ReadWindow(members));
        var max = LimitReader.ReadMax(members);
        var kind = LimitReader.ReadKind(members, window?.Window ?? default);
        var isKeyed = members.Flag(members.Optional("keyed"), "keyed");
        var isRefundable = members.Flag(members.Optional("refundable"), "refundable");
        var services = Names(members, "services", "the operators whose keys may charge it, \"*\" for all");
        members.RefuseOthers();
        if (max == Amount.Zero)
            members.Error(node, members.PointerTo("max"), "\"max\" is 0, which admits nothing: write more");
        if (window is not { } read || max is not { } most || !PolicyNames.IsValid(name))
            return null;
        return new Budget(name, kind, read.Window)
        {
            Max = most,
            IsKeyed = isKeyed == true,
            IsRefundable = isRefundable == true,
            Services = services,
        };
    }

    private static ImmutableArray<string> Names(MemberReader members, string name, string whatToWrite)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var (node, pointer) in members.Items(members.Required(name, whatToWrite), name))
        {
            if (node.Kind == JsonKind.String && (node.Text == Budget.Everybody || PolicyNames.IsValid(node.Text)))
                names.Add(node.Text);
            else
                members.Error(node, pointer, $"this must be a name, {PolicyNames.Rule}, or \"*\" for all");
        }

        return names.ToImmutable();
    }
}
