using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Policy;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Policy.Variants;
using Gateway.Proxy.Pinning;

namespace Gateway.Admin.Servers;

/// <summary>A server's tools and, if a grant was requested, its decision about each.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Grant">The requested grant; absent if there is none.</param>
/// <param name="Tools">The tools, by name.</param>
/// <param name="Note">The omissions of the list; absent if it is complete.</param>
/// <param name="SeenAt">The time at which the server last listed these tools.</param>
/// <param name="Stale">The reason why the list could not be updated since; absent if it could.</param>
internal sealed record ToolsView(
    string Server, string? Grant, IReadOnlyList<ToolView> Tools, string? Note, DateTimeOffset? SeenAt, string? Stale)
{
    public static ToolsView Of(
        string server, Inventory inventory, GrantDefinition? grant, ControlState state, PinnedTools pinned)
    {
        var binding = grant is null ? null : Bind(server, grant, state);
        var names = new ListedNames(inventory.Tools.Select(static tool => tool.Name));
        var tools = inventory.Tools
            .Select(tool => (Tool: tool, Found: OperatorClassifications.Of(state.Documents, server, tool)))
            .Select(one => View(
                one.Tool, one.Found, binding, names.Of(one.Tool.Name), pinned.ClassOf(server, one.Tool.Name)) with
            {
                Class = ToolClassView.Of(pinned, server, one.Tool.Name, one.Found),
                Suspicious = pinned.IsSuspicious(server, one.Tool.Name) ? true : null,
            })
            .ToList();
        return new ToolsView(server, grant?.Name, tools, inventory.Note, inventory.SeenAt, inventory.Stale);
    }

    /// <summary>Returns the decision of a grant about a tool.</summary>
    public static ToolGrantView May(string server, GrantDefinition grant, string tool, ControlState state,
        ToolClass toolClass)
    {
        var binding = Bind(server, grant, state);
        var decision = PolicyEngine.Decide(binding, PolicyCall.OfTool(tool, default) with
        {
            Listing = NameListing.Listed,
            Class = toolClass,
        });
        return new ToolGrantView(grant.Name, Outcome(decision, tool, binding, null, toolClass), decision.Rule);
    }

    private static PolicyBinding Bind(string server, GrantDefinition grant, ControlState state) =>
        grant.Servers.GetValueOrDefault(server) is { } policy
        && state.Objects.PolicyOf(grant.Name, policy) is { } found
            ? found.Bind(grant.Name, server, lists: state.Objects.Named)
            : PolicyBinding.NoPolicy(grant.Name, server);

    private static ToolView View(
        ToolFacts tool, Classification found, PolicyBinding? binding, NameListing listing,
        ToolClass toolClass)
    {
        var decision = binding is null ? null : PolicyEngine.Decide(
            binding, PolicyCall.OfTool(tool.Name, default) with { Listing = listing, Class = toolClass });
        return new ToolView(
            tool.Name,
            tool.Description,
            // Clients of this member know three levels, so a critical risk is reported as high.
            found.Risk switch
            {
                RiskLevel.Low => "low",
                RiskLevel.Medium => "medium",
                RiskLevel.High or RiskLevel.Critical => "high",
                _ => throw new NotSupportedException($"RiskLevel {found.Risk} has no case here."),
            },
            found.Reasons[0],
            tool.InputSchema,
            decision is null ? null : Outcome(decision, tool.Name, binding!, listing, toolClass),
            decision?.Rule,
            decision is null || decision.Costs.IsEmpty ? null : [.. decision.Costs.Select(Limit)],
            tool.OutputSchema,
            found.Category.ToString(),
            found.Risk.ToString(),
            found.Confidence)
        {
            App = tool.App,
        };
    }

    /// <summary>
    /// Returns the outcome. If a call without arguments is denied or needs approval, but lists show the tool, the
    /// arguments decide.
    /// </summary>
    private static string Outcome(
        PolicyDecision decision, string tool, PolicyBinding binding, NameListing? listing, ToolClass toolClass) =>
        decision.Outcome switch
        {
            DecisionOutcome.Allow => "allowed",
            DecisionOutcome.Ask when decision.Rule.EndsWith("/action", StringComparison.Ordinal) => "approval_required",
            // Another caller may see it.
            DecisionOutcome.Deny when decision.Rule.Contains("/show_if/", StringComparison.Ordinal) => "depends",
            DecisionOutcome.Ask or DecisionOutcome.Deny =>
                PolicyEngine.IsListed(binding, ListKind.Tools, tool, listing: listing, toolClass: toolClass)
                    ? "depends" : "denied",
            _ => throw new NotSupportedException($"DecisionOutcome {decision.Outcome} has no case here."),
        };

    private static string Limit(DecisionCost cost) => $"{cost.Cost.Max} per {cost.WindowText} ({cost.Counter})";
}

/// <summary>The decision of a grant about a tool.</summary>
/// <param name="Grant">The grant's name.</param>
/// <param name="Outcome"><c>allowed</c>, <c>denied</c>, <c>approval_required</c>, or <c>depends</c>.</param>
/// <param name="Rule">The rule that decided.</param>
internal sealed record ToolGrantView(string Grant, string Outcome, string Rule);
