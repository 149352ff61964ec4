using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Limits.Model;
using Gateway.Mcp.Reading;
using Gateway.Policy.Documents;
using Gateway.Policy.Text;
using Gateway.Proxy.Approvals.Digests;
using Gateway.Proxy.Approvals.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Approvals;

/// <summary>
/// <c>/approvals</c>: lists agents' requests, and takes decisions. If two people decide, the first decision counts.
/// </summary>
internal sealed class ApprovalRoutes(
    ApprovalService approvals, ApprovalRecord record, ProcessClock clock, ApprovalOptions options) : IAdminRoutes
{
    private const int SuggestedBytesMax = 4096;

    /// <summary>The sort order, by the time of the request unless another order is requested.</summary>
    private static readonly Listing<Approval> Searched = new(
        static approval => $"{Listing<Approval>.Instant(approval.AskedMs)}/{approval.Id}",
        static approval => [approval.Id, approval.Grant, approval.Server, approval.Tool, approval.Reason],
        new Dictionary<string, Func<Approval, string>>
        {
            ["expires"] = static approval => Listing<Approval>.Instant(approval.ExpiresMs),
            ["grant"] = static approval => approval.Grant,
            ["tool"] = static approval => $"{approval.Server}/{approval.Tool}",
        });

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/approvals", ListAsync).Requires(Permissions.ReadApprovals, RoleScope.EachServer)
            .WithSummary("Lists requests for approval, the oldest first.").Produces<PageView<ApprovalView>>()
            .WithQuery([
                ("state", "Only requests in this state: open, approved, denied, used or expired."),
                ("grant", "Only requests of this grant."),
                .. Pages.Query(Searched)]);
        api.MapGet("/approvals/{name}", ShowAsync).Requires(Permissions.ReadApprovals, RoleScope.EachServer)
            .WithSummary("Shows a request by its id.").Produces<ApprovalView>();
        api.MapPost("/approvals/{name}/approve", ApproveAsync)
            .Requires(Permissions.AnswerApprovals, RoleScope.EachServer)
            .WithSummary("Approves one call with the requested arguments, or several with "
                + "\"standing\".").Takes(static () => ApprovalJson.Default.ApprovalInput)
            .Produces<ApprovalView>();
        api.MapPost("/approvals/{name}/deny", DenyAsync).Requires(Permissions.AnswerApprovals, RoleScope.EachServer)
            .WithSummary("Denies the call; the agent receives the comment.")
            .Takes(static () => ApprovalJson.Default.ApprovalInput).Produces<ApprovalView>();
    }

    private async Task<AdminResponse> ListAsync(AdminCall call)
    {
        var (state, grant) = (call.Wanted("state"), call.Wanted("grant"));
        var nowMs = clock.NowMs();
        var readable = (await approvals.ListAsync(call.Aborted))
            .Where(approval => call.MayReadApprovals(approval.Server)).ToList();
        var all = readable.Where(approval =>
            (state is null || StateOf(approval, nowMs) == state) && (grant is null || approval.Grant == grant));
        var page = Pages.Find(call.Request, all, Searched, out var problem);
        if (problem is not null)
            return problem;
        // The list shows arguments as a single request does, so each view of them is recorded too.
        foreach (var approval in page!.Items)
            await record.ViewedAsync(approval, call.Actor, nowMs);
        var decided = GrantHistoryView.ByGrant(readable, options.History, nowMs);
        return AdminResponse.Ok(
            page.Select(approval => View(approval, nowMs) with
            {
                History = approval.StateAt(nowMs) != ApprovalState.Open || options.History == TimeSpan.Zero ? null
                    : decided.GetValueOrDefault(approval.Grant) ?? GrantHistoryView.None(options.History),
            }),
            ApprovalJson.Default.PageViewApprovalView);
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        if (await approvals.FindAsync(call.Name, call.Aborted) is not { } approval
            || !call.MayReadApprovals(approval.Server))
            return NotFound(call.Name);
        await record.ViewedAsync(approval, call.Actor, clock.NowMs());
        return AdminResponse.Ok(View(approval, clock.NowMs()), ApprovalJson.Default.ApprovalView);
    }

    private Task<AdminResponse> ApproveAsync(AdminCall call) => ReplyAsync(call, isApproved: true);

    private Task<AdminResponse> DenyAsync(AdminCall call) => ReplyAsync(call, isApproved: false);

    private async Task<AdminResponse> ReplyAsync(AdminCall call, bool isApproved)
    {
        var (input, unreadable) = await call.ReadAsync(ApprovalJson.Default.ApprovalInput);
        if (input is null)
            return unreadable!;
        if (input.By?.Length > ApprovalService.NameLengthMax
            || input.Comment?.Length > ApprovalService.CommentLengthMax)
        {
            return Problems.Invalid($"\"by\" may have at most {ApprovalService.NameLengthMax} characters and "
                + $"\"comment\" may have at most {ApprovalService.CommentLengthMax}.");
        }

        if (Suggestion(input, isApproved, out var suggested) is { } unfit)
            return unfit;
        if (input.Standing is not null && !isApproved)
            return Problems.Invalid("A denial applies to one call; omit \"standing\".");
        var (terms, wrong) = input.Standing is { } standing ? StandingInputs.Read(standing) : default;
        if (wrong is not null)
            return wrong;

        // An approval that the caller may not see does not exist for the caller.
        if (await approvals.FindAsync(call.Name, call.Aborted) is not { } found
            || call.Caller.RightTo(found.Server) is not { } right)
            return NotFound(call.Name);
        var reply = await approvals.AnswerAsync(
            call.Name,
            right.ApproverOf(call.Caller.ActorOf(call.Http, input.By)),
            new GivenAnswer(isApproved, input.Comment)
            {
                Standing = terms,
                SuggestedArguments = suggested,
            },
            call.Aborted);
        return Answer(call, reply);
    }

    private AdminResponse Answer(AdminCall call, ApprovalReply reply) =>
        reply.Kind switch
        {
            ApprovalReplyKind.Answered =>
                AdminResponse.Ok(View(reply.Approval!, clock.NowMs()), ApprovalJson.Default.ApprovalView),
            ApprovalReplyKind.AlreadyAnswered => AlreadyAnswered(reply.Approval!),
            ApprovalReplyKind.ApprovedByThemBefore => Problems.Of(StatusCodes.Status409Conflict,
                "Another person is needed",
                $"{reply.Approval!.ApprovalsNeeded} different people must approve this request, and "
                + (reply.About is null ? "you already have." : Counted(call, reply))),
            ApprovalReplyKind.Grantor or ApprovalReplyKind.Caller or ApprovalReplyKind.UnknownCaller
                when reply.About is { } absent => Problems.Of(
                    StatusCodes.Status403Forbidden, "Another person is needed",
                    $"You decide for {absent}, and the policy does not let {absent} approve this request: "
                    + (reply.Kind == ApprovalReplyKind.UnknownCaller
                        ? $"nothing shows that {absent} is not the caller. " : $"{absent} is excluded by its rule. ")
                    + "You can still deny the request."),
            ApprovalReplyKind.Grantor => Problems.Of(StatusCodes.Status403Forbidden, "Another person is needed",
                call.Caller.Account is null
                    ? "The operator who authorized this agent's client may not approve its requests. Your key does "
                        + "not identify an operator, so sign in instead."
                    : "You authorized this agent's client, so the policy does not let you approve its requests. "
                        + "You can still deny this request."),
            ApprovalReplyKind.Caller => Problems.Of(StatusCodes.Status403Forbidden, "Another person is needed",
                "You are the caller, so the policy does not let you approve this request. You can still deny the "
                    + "request."),
            ApprovalReplyKind.UnknownCaller => Problems.Of(StatusCodes.Status403Forbidden, "Another person is needed",
                "The policy does not let the caller approve this request, and the gateway cannot tell that you are "
                    + $"not the caller: {WhyUnknown(call, reply.Approval!)} You can still deny the request."),
            ApprovalReplyKind.Expired => Problems.Of(StatusCodes.Status409Conflict, "Expired",
                "Nobody decided in time. The agent's next call creates a new request."),
            ApprovalReplyKind.OtherTerms => Problems.Of(StatusCodes.Status409Conflict, "Different terms",
                reply.Approval!.Proposed is { } proposed
                    ? $"{reply.Approval.Votes![0].By} approved it with \"standing\" for "
                        + $"{Spelling.Count(proposed.Uses, "call")}, within {proposed.ForMs / 1000} s, where "
                        + $"{proposed.Where ?? "the arguments are the same"}. "
                        + "Send the same terms, or omit \"standing\" to approve only this call."
                    : $"{reply.Approval.Votes![0].By} approved only this call. Omit \"standing\"."),
            ApprovalReplyKind.NoStanding => Problems.Of(StatusCodes.Status409Conflict, "Made by an earlier release",
                "This request was made by an earlier release, which does not support standing approvals. Omit "
                    + "\"standing\"."),
            ApprovalReplyKind.TooManyStanding => Problems.Of(StatusCodes.Status409Conflict, "Too many approvals",
                $"The grant has {StandingService.PerGrantMax} standing approvals, the maximum; revoke one first."),
            ApprovalReplyKind.NoSuggestion => Problems.Of(StatusCodes.Status409Conflict, "No suggestion possible",
                "This request is not for a tool call, or an earlier release made it, so no arguments can be "
                    + "suggested. Omit them."),
            ApprovalReplyKind.SameArguments => Problems.Invalid(
                "The suggested arguments are the same as those that you deny. Approve the call, or suggest different "
                + "arguments."),
            ApprovalReplyKind.NotFound => NotFound(call.Name),
            _ => throw new NotSupportedException($"ApprovalReplyKind {reply.Kind} has no case here."),
        };

    // One person's right counts once, whether the person or a delegate used it.
    private static string Counted(AdminCall call, ApprovalReply reply) =>
        reply.Approval!.Votes!.Any(vote => vote.By == reply.About && vote.For?.Account == call.Caller.Account?.Name)
            ? $"{reply.About} has already approved it for you."
            : $"the approval of {reply.About}, for whom you decide, already counts.";

    private static string WhyUnknown(AdminCall call, Approval approval) =>
        call.Caller.Account is null ? "this key names no operator. Sign in."
        : approval.Caller is { } caller
            ? $"your account is not linked to a subject of {caller.Issuer}. Sign in with that provider once."
            : "the agent called with the token of the grant, which identifies no person.";

    private static AdminResponse? Suggestion(ApprovalInput input, bool isApproved, out string? suggested)
    {
        suggested = input.SuggestedArguments is { ValueKind: not JsonValueKind.Null } arguments
            ? arguments.GetRawText()
            : null;
        if (suggested is null)
            return null;
        if (isApproved)
            return Problems.Invalid("An approval applies to the arguments of the call as they are: omit "
                + "\"suggestedArguments\". To suggest other arguments, deny the call.");
        return input.SuggestedArguments is { ValueKind: JsonValueKind.Object }
            && Encoding.UTF8.GetByteCount(suggested) <= SuggestedBytesMax
                ? null
                : Problems.Invalid(
                    $"\"suggestedArguments\" must be a JSON object of at most {SuggestedBytesMax} bytes.");
    }

    internal static ApprovalView View(Approval approval, long nowMs)
    {
        JsonElement? arguments = approval.Arguments is null
            ? null
            : JsonElement.Parse(
                approval.Arguments, new JsonDocumentOptions { MaxDepth = McpReadBounds.Default.DepthMax });
        return new ApprovalView(
            approval.Id,
            StateOf(approval, nowMs),
            approval.Grant,
            approval.Server,
            approval.Tool,
            approval.Rule,
            approval.Reason,
            arguments,
            approval.ArgumentsSha256 ?? ShaOf(approval),
            Time(approval.AskedMs),
            Time(approval.ExpiresMs),
            approval.AnsweredMs is { } answered ? Time(answered) : null,
            approval.AnsweredBy,
            approval.Comment,
            approval.UsedMs is { } used ? Time(used) : null,
            approval.CallId,
            approval.ApprovalsNeeded,
            approval.Votes?.Select(static vote => new ApprovalVoteView(vote.By, Time(vote.AtMs), vote.Actor)).ToList())
        {
            Standing = approval.Proposed is { } terms
                ? new(terms.Uses, $"{terms.ForMs / 1000}s", StandingRoutes.Where(terms))
                : null,
            StandingId = approval.StandingId,
            AnsweredAs = approval.AnsweredAs,
            ArgumentsHmac = approval.ArgumentsHmac,
            SuggestedFor = approval.SuggestedFor,
            Escalates = approval.EscalatesMs is { } escalates ? Time(escalates) : null,
            EscalatesTo = approval.EscalatesTo,
            Not = approval.IsBarredToGrantor == true ? ApprovalTerms.Grantor
                : approval.IsBarredToCaller == true ? ApprovalTerms.Caller : null,
            Caller = approval.Caller?.Subject,
            CallerIssuer = approval.Caller?.Issuer,
            SuggestedWhere = approval.StateAt(nowMs) == ApprovalState.Open ? StandingInputs.Suggest(arguments) : null,
        };
    }

    // A caller that sees the arguments could compute the hash. It is not stored, because arguments can be guessed from
    // it.
    private static string? ShaOf(Approval approval) => approval.Arguments is { } arguments
        ? CallDigest.OfJson(Encoding.UTF8.GetBytes(arguments), McpReadBounds.Default.DepthMax)
        : null;

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);

    private static string StateOf(Approval approval, long nowMs) =>
        JsonNamingPolicy.CamelCase.ConvertName(approval.StateAt(nowMs).ToString());

    private static AdminResponse AlreadyAnswered(Approval approval) => Problems.Of(
        StatusCodes.Status409Conflict, "Already decided",
        $"{approval.AnsweredBy} has already {(approval.State == ApprovalState.Denied ? "denied" : "approved")} it.");

    private static AdminResponse NotFound(string id) => Problems.NotFound("approval", id);
}
