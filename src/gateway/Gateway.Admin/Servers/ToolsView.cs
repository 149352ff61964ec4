using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Policy.Variants;

namespace Gateway.Admin.Servers;

/// <summary>A server's tools, and what one grant may do with them where it was asked for.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Grant">The grant that was asked about.</param>
/// <param name="Tools">By name.</param>
/// <param name="Note">What is left out; absent where nothing is.</param>
/// <param name="SeenAt">When the server last listed this.</param>
/// <param name="Stale">Why it cannot be asked since; absent while it can.</param>
internal sealed record ToolsView(
    string Server, string? Grant, IReadOnlyList<ToolView> Tools, string? Note, DateTimeOffset? SeenAt, string? Stale)
{
    public static ToolsView Of(
        string server, Inventory inventory, GrantDefinition? grant, ControlState state)
    {
        var binding = grant is null ? null : Bind(server, grant, state);
        var names = new ListedNames(inventory.Tools.Select(static tool => tool.Name));
        var tools = inventory.Tools
            .Select(tool => View(
                tool, OperatorClassifications.Of(state.Documents, server, tool), binding, names.Of(tool.Name)))
            .ToList();
        return new ToolsView(server, grant?.Name, tools, inventory.Note, inventory.SeenAt, inventory.Stale);
    }

    /// <summary>What a grant may do with a tool.</summary>
    public static ToolGrantView May(string server, GrantDefinition grant, string tool, ControlState state)
    {
        var binding = Bind(server, grant, state);
        var decision = PolicyEngine.Decide(binding, PolicyCall.OfTool(tool, default) with
        {
            Listing = NameListing.Listed,
        });
        return new ToolGrantView(grant.Name, Outcome(decision, tool, binding, null), decision.Rule);
    }

    private static PolicyBinding Bind(string server, GrantDefinition grant, ControlState state) =>
        grant.Servers.GetValueOrDefault(server) is { } policy
        && state.Objects.PolicyOf(grant.Name, policy) is { } found
            ? found.Bind(grant.Name, server, lists: state.Objects.Named)
            : PolicyBinding.NoPolicy(grant.Name, server);

    private static ToolView View(
        ToolFacts tool, Classification found, PolicyBinding? binding, NameListing listing)
    {
        var decision = binding is null ? null : PolicyEngine.Decide(
            binding, PolicyCall.OfTool(tool.Name, default) with { Listing = listing });
        return new ToolView(
            tool.Name,
            tool.Description,
            // The word that clients of this page know: what is critical is high to them.
            found.Risk switch
            {
                RiskLevel.Low => "low",
                RiskLevel.Medium => "medium",
                RiskLevel.High or RiskLevel.Critical => "high",
                _ => throw new NotSupportedException($"RiskLevel {found.Risk} has no case here."),
            },
            found.Reasons[0],
            tool.InputSchema,
            decision is null ? null : Outcome(decision, tool.Name, binding!, listing),
            decision?.Rule,
            decision is null || decision.Costs.IsEmpty ? null : [.. decision.Costs.Select(Limit)],
            tool.OutputSchema,
            found.Category.ToString(),
            found.Risk.ToString(),
            found.Confidence);
    }

    /// <summary>
    /// A tool that lists show, and that a call without arguments is denied or asked about: the arguments decide.
    /// </summary>
    private static string Outcome(
        PolicyDecision decision, string tool, PolicyBinding binding, NameListing? listing) =>
        decision.Outcome switch
        {
            DecisionOutcome.Allow => "allowed",
            DecisionOutcome.Ask when decision.Rule.EndsWith("/action", StringComparison.Ordinal) => "approval_required",
            DecisionOutcome.Ask or DecisionOutcome.Deny =>
                PolicyEngine.IsListed(binding, ListKind.Tools, tool, listing: listing) ? "depends" : "denied",
            _ => throw new NotSupportedException($"DecisionOutcome {decision.Outcome} has no case here."),
        };

    private static string Limit(DecisionCost cost) => $"{cost.Cost.Max} per {cost.WindowText} ({cost.Counter})";
}
