using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>budgets</c>: each element is a name, or an object that also defines the cost of a call.</summary>
internal static class BudgetUseReader
{
    private const string Name = "budgets";

    public static ImmutableArray<BudgetUseDocument> ReadList(MemberReader owner)
    {
        var uses = ImmutableArray.CreateBuilder<BudgetUseDocument>();
        foreach (var (node, pointer) in owner.Items(owner.Optional(Name), Name))
        {
            if (Read(owner, node, pointer) is not { } use)
                continue;
            if (uses.Any(other => other.Budget == use.Budget))
                owner.Error(node, pointer, $"the budget \"{use.Budget}\" is listed twice: list it once");
            uses.Add(use);
        }

        return uses.ToImmutable();
    }

    private static BudgetUseDocument? Read(MemberReader owner, JsonNode node, string pointer)
    {
        if (node.Kind == JsonKind.String)
        {
            return IsBudget(owner, node, pointer, node.Text)
                ? new BudgetUseDocument { Pointer = pointer, Budget = node.Text } : null;
        }

        if (MemberReader.Open(node, pointer, "the use of a budget", owner.Context) is not { } members)
            return null;
        var name = members.Required("budget", "write the name of a budget") is { } written
            && members.AsText(written, "budget") is { } text
            && IsBudget(members, written, members.PointerTo("budget"), text) ? text : null;
        var increment = LimitReader.ReadIncrement(members);
        var path = LimitReader.ReadIncrementFrom(members);
        var wait = ApprovalReader.ReadWait(members);
        members.RefuseOthers();
        return name is null ? null : new BudgetUseDocument
        {
            Pointer = pointer,
            Budget = name,
            Increment = increment,
            IncrementFrom = path,
            Wait = wait,
        };
    }

    private static bool IsBudget(MemberReader members, JsonNode node, string pointer, string name)
    {
        var problem = PolicyNames.IsValid(name)
            ? members.Context.Lists.ProblemOfBudget(name)
            : $"\"{Spelling.Shorten(name)}\" is not a valid budget name: {PolicyNames.Rule}";
        if (problem is not null)
            members.Error(node, pointer, problem);
        return problem is null;
    }
}

/// <summary>One entry of <c>budgets</c> as written.</summary>
internal sealed record BudgetUseDocument
{
    public required string Pointer { get; init; }

    /// <summary>The budget's name in the gateway's configuration.</summary>
    public required string Budget { get; init; }

    /// <summary>The cost of one call, if it is fixed.</summary>
    public Amount Increment { get; init; } = Amount.One;

    /// <summary>The argument that determines the cost of a call; null if it is fixed.</summary>
    public ArgumentPath? IncrementFrom { get; init; }

    /// <summary>The time for which a call may wait for room as a task; zero refuses it at once.</summary>
    public TimeSpan Wait { get; init; }
}
