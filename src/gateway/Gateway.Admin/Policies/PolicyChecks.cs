using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Policy;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Explaining;
using Gateway.Policy.Problems;
using Gateway.Policy.Reviewing;
using Gateway.Policy.Text;
using Gateway.Policy.Tools.Diff;
using Gateway.Policy.Tools.Testing;
using Gateway.Policy.Variants;
using Gateway.Proxy.Pinning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Policies;

/// <summary>Checks of an edited policy before it is set; nothing here changes anything.</summary>
internal sealed class PolicyChecks(
    PolicyVersions versions, ReviewedServers servers, PinnedTools pinned, ProcessClock clock) : IAdminRoutes
{
    private const string SomeGrant = "grant";
    private const string SomeServer = "server";
    private const string TextsOfBody = "before";

    private static readonly (string, string) Server = ("server", "A server whose tools the policy is compared with.");

    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/policies/{name}/review", ReviewAsync).Requires(Permissions.Read)
            .WithSummary("Reviews a policy's text: its problems, its rules in words, and the tools that they "
                + "apply to.").Takes(static () => PolicyJson.Default.JsonElement).Produces<PolicyReviewView>()
            .WithQuery(Server);
        api.MapPost("/policies/{name}/explain", ExplainAsync).Requires(Permissions.Read)
            .WithSummary("Explains step by step how a policy decides a call.")
            .Takes(static () => PolicyJson.Default.ExplainInput).Produces<ExplainView>();
        api.MapPost("/policies/{name}/diff", DiffAsync).Requires(Permissions.Read)
            .WithSummary("Compares a policy's text with the active policy, tool by tool: looser, tighter or "
                + "different.").Takes(static () => PolicyJson.Default.JsonElement).Produces<PolicyDiffView>()
            .WithQuery(("against", "A version to compare with, instead of the active one. With \"before\", two texts "
                + "are compared, and the body is {\"before\": POLICY, \"policy\": POLICY}."), Server);
        api.MapPost("/policies/{name}/tests", TestAsync).Requires(Permissions.Read)
            .WithSummary("Runs a policy's tests on unused counters.")
            .Takes(static () => PolicyJson.Default.PolicyTestInput).Produces<PolicyTestView>();
    }

    private async Task<AdminResponse> ReviewAsync(AdminCall call)
    {
        var (body, unreadable) = await call.ReadAsync();
        if (body is null)
            return unreadable!;
        var (tools, note, problem) = await servers.AskAsync(call);
        if (problem is not null)
            return problem;
        var loaded = PolicyLoader.Load(body, call.Name, call.State.Objects.Named);
        if (loaded.Policy is not { } policy)
            return AdminResponse.Ok(
                new PolicyReviewView([.. loaded.Problems.Select(PolicyRoutes.Place)])
                {
                    Draft = PolicyDrafts.Kept(call),
                    Candidate = PolicyCandidates.Kept(call),
                },
                PolicyJson.Default.PolicyReviewView);
        var overview = PolicyOverview.Of(
            body, [.. (tools ?? []).Select(static tool => tool.Name)], ClassesOf(tools))!;
        var found = PolicyReview.Run(body, call.Name, tools, Channels(call)).Take(PolicyBounds.ProblemsMax);
        return AdminResponse.Ok(
            new PolicyReviewView([.. found.Select(PolicyRoutes.Place)])
            {
                Sha256 = policy.Sha256,
                Parts = overview.Parts,
                Uncovered = overview.Uncovered,
                Draft = PolicyDrafts.Kept(call),
                Candidate = PolicyCandidates.Kept(call),
                Note = note,
            },
            PolicyJson.Default.PolicyReviewView);
    }

    private async Task<AdminResponse> ExplainAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(PolicyJson.Default.ExplainInput);
        if (input is null)
            return unreadable!;
        if (string.IsNullOrEmpty(input.Tool))
            return Problems.Invalid("\"tool\" is missing: send the name of the tool.");
        if (input.Arguments is { ValueKind: not JsonValueKind.Object })
            return Problems.Invalid("\"arguments\" must be a JSON object, such as {\"amount\": 10}.");
        var at = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        if (input.At is { } written && !WrittenTime.TryInstant(written, out at))
            return Problems.Invalid("\"at\" must be an instant such as 2027-06-30T12:00:00Z.");
        if (Callers.Read(input.Caller, out var caller) is { } invalid)
            return invalid;
        if (ToolClasses.Of(input.Class) is null && input.Class is { } wrong)
        {
            return Problems.Invalid(
                $"\"{wrong}\" is not a class; write one of {string.Join(", ", ToolClasses.Names)}.");
        }

        var toolClass = ToolClasses.Of(input.Class)
            ?? (input.Server is null ? ToolClass.Uncertain : pinned.ClassOf(input.Server, input.Tool));
        if (Load(call, input.Policy, out var policy, out _) is { } problem)
            return problem;
        var arguments = input.Arguments is { } given ? Encoding.UTF8.GetBytes(given.GetRawText()) : default;
        var explained = PolicyExplainer.Explain(
            policy!.Bind(
                input.Grant ?? SomeGrant, input.Server ?? SomeServer,
                lists: call.State.Objects.Named with { PresumesLeave = input.Grant is null }),
            PolicyCall.OfTool(input.Tool, arguments, at) with
            {
                Listing = ListingOf(input.Server, input.Tool),
                Caller = caller,
                Class = toolClass,
            });
        var decision = explained.Decision;
        var outcome = decision.Outcome switch
        {
            DecisionOutcome.Deny => "denied",
            DecisionOutcome.Ask => "approval_required",
            DecisionOutcome.Allow => "allowed",
            _ => throw new NotSupportedException($"DecisionOutcome {decision.Outcome} has no case here."),
        };
        return AdminResponse.Ok(
            new ExplainView(
                outcome, decision.Rule,
                [.. explained.Steps.Select(static one => new ExplainStepView(
                    one.Name, one.Rule, one.Outcome, one.Said))],
                decision.Outcome == DecisionOutcome.Allow ? null : decision.AgentText),
            PolicyJson.Default.ExplainView);
    }

    private static Func<string, ToolClass> ClassesOf(List<ReviewedTool>? tools)
    {
        var classes = (tools ?? []).DistinctBy(static tool => tool.Name)
            .ToDictionary(static tool => tool.Name, static tool => tool.Class, StringComparer.Ordinal);
        return tool => classes.GetValueOrDefault(tool);
    }

    private NameListing? ListingOf(string? server, string tool)
    {
        if (server is null)
            return null;
        var listing = pinned.ListingOf(server, tool);
        return pinned.Of(server, tool) == ToolStanding.Accepted ? listing : listing with { IsListed = false };
    }

    private async Task<AdminResponse> DiffAsync(AdminCall call)
    {
        var against = (string?)call.Request.Query["against"];
        byte[]? before, after;
        if (against == TextsOfBody)
        {
            var (texts, unreadable) = await call.ReadAsync(PolicyJson.Default.PolicyDiffInput);
            if (texts is null)
                return unreadable!;
            if ((texts.Before, texts.Policy) is not ({ } old, { } edited))
                return Problems.Invalid("\"before\" and \"policy\" are required: the two policies to compare.");
            (before, after) = (Encoding.UTF8.GetBytes(old.GetRawText()), Encoding.UTF8.GetBytes(edited.GetRawText()));
        }
        else
        {
            (after, var unreadable) = await call.ReadAsync();
            if (after is null)
                return unreadable!;
            before = against is not null ? await versions.FindAsync(call, against)
                : call.State.Objects.Policies.TryGetValue(call.Name, out var current) ? current.Document.ToArray()
                : null;
            if (before is null)
                return against is null
                    ? Problems.NotFound("policy", call.Name, call.State.Objects.Policies.Keys)
                    : Problems.NotFound("version", against);
        }

        var (tools, _, problem) = await servers.AskAsync(call);
        return problem ?? await CompareAsync(call, before, after, tools);
    }

    private static async Task<AdminResponse> CompareAsync(
        AdminCall call, byte[] before, byte[] after, List<ReviewedTool>? tools)
    {
        var lists = call.State.Objects.Named;
        var now = PolicyLoader.Load(after, call.Name, lists);
        if (now.Policy is null)
            return Refused(now);
        // A list that it referred to may be deleted since; it can be compared nevertheless.
        if (PolicyLoader.Load(before, call.Name).Policy is not { } old)
            return Problems.Invalid("This release cannot read the policy that yours would be compared with. Compare "
                + "the two texts yourself.");
        // Generating and evaluating calls takes seconds for a large policy, so it runs outside the request's thread.
        var found = await Task.Run(
            () => PolicyDiff.Compare(old, before, now.Policy, after, tools?.Select(static one => one.Name).ToList(),
                ClassesOf(tools)),
            call.Aborted);
        return AdminResponse.Ok(
            new PolicyDiffView([.. found.Select(PolicyDifferenceView.Of)], DocumentChanges.Between(before, after)),
            PolicyJson.Default.PolicyDiffView);
    }

    private async Task<AdminResponse> TestAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(PolicyJson.Default.PolicyTestInput);
        if (input is null)
            return unreadable!;
        if (Load(call, input.Policy, out var policy, out var document) is { } problem)
            return problem;
        var lists = call.State.Objects.Named;
        var reports = new List<CallTestReport>();
        await Task.Run(
            () =>
            {
                reports.Add(CallTests.Run(policy!, document, call.Name, lists));
                if (input.Tests is { } beside)
                    reports.Add(CallTests.Run(
                        policy!, Encoding.UTF8.GetBytes(beside.GetRawText()), $"{call.Name}{CallTests.FileSuffix}",
                        lists));
            },
            call.Aborted);
        if (reports.SelectMany(static report => report.Problems).ToList() is { Count: > 0 } wrong)
            return Problems.Invalid("The tests in the policy cannot be read.", [.. wrong.Select(PolicyRoutes.Place)]);
        List<PolicyTestResultView> results =
        [
            .. reports.SelectMany(static report => report.Results).Select(static result => new PolicyTestResultView(
                result.Name, result.Passed, result.Wanted, result.Got, result.Reason, result.Place.File,
                result.Place.Line, result.Place.Pointer)),
        ];
        return AdminResponse.Ok(
            new PolicyTestView(results.Count(static one => one.Ok), results.Count(static one => !one.Ok), results),
            PolicyJson.Default.PolicyTestView);
    }

    /// <summary>Loads the sent document, or the active one if none was sent.</summary>
    private static AdminResponse? Load(
        AdminCall call, JsonElement? sent, out CompiledPolicy? policy, out ReadOnlyMemory<byte> document)
    {
        (policy, document) = (null, default);
        if (sent is null)
        {
            if (!call.State.Objects.Policies.TryGetValue(call.Name, out var current))
                return Problems.NotFound("policy", call.Name, call.State.Objects.Policies.Keys);
            (policy, document) = (current.Policy, current.Document);
            return null;
        }

        document = Encoding.UTF8.GetBytes(sent.Value.GetRawText());
        var loaded = PolicyLoader.Load(document, call.Name, call.State.Objects.Named);
        policy = loaded.Policy;
        return policy is null ? Refused(loaded) : null;
    }

    /// <summary>Returns the names of the current channels.</summary>
    public static List<string> Channels(AdminCall call) =>
        [.. call.State.Documents.OfKind(ControlKinds.Channels).Select(static document => document.Key.Name)];

    private static AdminResponse Refused(PolicyLoadResult loaded) => Problems.Invalid(
        "The policy is not valid: " + Spelling.Count(
            loaded.Problems.Count(static one => one.Severity == ProblemSeverity.Error), "error") + ".",
        [.. loaded.Problems.Select(PolicyRoutes.Place)]);
}

/// <summary>Two policies to compare.</summary>
/// <param name="Before">The first one.</param>
/// <param name="Policy">The edited one.</param>
internal sealed record PolicyDiffInput(JsonElement? Before = null, JsonElement? Policy = null);

/// <summary>The effect of replacing one policy by another.</summary>
/// <param name="Differences">The differences by tool; empty if no call is decided differently.</param>
/// <param name="Changes">The changes of the document, each in the imperative.</param>
internal sealed record PolicyDiffView(
    IReadOnlyList<PolicyDifferenceView> Differences, IReadOnlyList<string> Changes);

/// <summary>The results of a policy's tests.</summary>
/// <param name="Passed">The number of passed tests.</param>
/// <param name="Failed">The number of failed tests.</param>
/// <param name="Results">The results in the order of the tests.</param>
internal sealed record PolicyTestView(int Passed, int Failed, IReadOnlyList<PolicyTestResultView> Results);

/// <summary>Tests to run.</summary>
/// <param name="Policy">The document with its tests; null for the active one.</param>
/// <param name="Tests">Further tests, in the format of a file <c>NAME.tests.json</c>.</param>
internal sealed record PolicyTestInput(JsonElement? Policy = null, JsonElement? Tests = null);

/// <summary>The result of one test; the members are those of <c>gateway policy test --json</c>.</summary>
/// <param name="Case">Its name, or its number and tool.</param>
/// <param name="Ok">True if every call got the expected decision.</param>
/// <param name="Wanted">The expected decision.</param>
/// <param name="Got">The actual decision.</param>
/// <param name="Reason">The reason for the decision; empty if the call was allowed.</param>
/// <param name="File">The file of the test: the policy, or the tests beside it.</param>
/// <param name="Line">The line of the test there.</param>
/// <param name="Pointer">The place of the test as a JSON Pointer.</param>
internal sealed record PolicyTestResultView(
    string Case, bool Ok, string Wanted, string Got, string Reason, string File, int Line, string Pointer);
