using System.Globalization;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Approvals.Requests;
using Gateway.Control.Options;
using Gateway.Identity.Roles;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Approvals;

/// <summary><c>/approvals</c>: what agents ask for, and the answers. Of two who answer, the first one does.</summary>
internal sealed class ApprovalRoutes(ApprovalService desk, ProcessClock clock, GatewayOptions options)
{
    private const string UnnamedOperator = "An operator";

    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/approvals", Permissions.ReadApprovals, "Lists requests for approval, the oldest first.", ListAsync)
        {
            Gives = () => ApprovalJson.Default.PageViewApprovalView, Scope = RoleScope.EachServer,
            Query =
            [
                ("state", "Only these: open, approved, denied, used or expired."), ("grant", "Only this grant's."),
            ],
        },
        new("GET", "/approvals/{name}", Permissions.ReadApprovals, "Shows a request by its id.", ShowAsync)
        {
            Gives = () => ApprovalJson.Default.ApprovalView, Scope = RoleScope.EachServer,
        },
        new("POST", "/approvals/{name}/approve", Permissions.AnswerApprovals,
            "Lets the call go ahead, once.", ApproveAsync)
        {
            Takes = () => ApprovalJson.Default.ApprovalInput, Gives = () => ApprovalJson.Default.ApprovalView,
            Scope = RoleScope.EachServer,
        },
        new("POST", "/approvals/{name}/deny", Permissions.AnswerApprovals,
            "Denies the call; the agent reads the comment.", DenyAsync)
        {
            Takes = () => ApprovalJson.Default.ApprovalInput, Gives = () => ApprovalJson.Default.ApprovalView,
            Scope = RoleScope.EachServer,
        },
    ];

    private async Task<AdminResponse> ListAsync(AdminCall call)
    {
        var (state, grant) = (Wanted(call, "state"), Wanted(call, "grant"));
        var nowMs = clock.NowMs();
        var views = (await desk.ListAsync(call.Aborted))
            .Where(approval => call.May(Permissions.ReadApprovals, approval.Server))
            .Select(approval => View(approval, nowMs))
            .Where(view => (state is null || view.State == state) && (grant is null || view.Grant == grant));
        return AdminResponse.Ok(
            Pages.Cut(call.Request, views, Place), ApprovalJson.Default.PageViewApprovalView);
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call) =>
        await FindAsync(call, Permissions.ReadApprovals) is { } approval
            ? AdminResponse.Ok(View(approval, clock.NowMs()), ApprovalJson.Default.ApprovalView)
            : NotFound(call.Name);

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
            return Problems.Invalid($"\"by\" has at most {ApprovalService.NameLengthMax} characters and \"comment\" at "
                + $"most {ApprovalService.CommentLengthMax}.");
        }

        // What is none of theirs is not there for them.
        if (await FindAsync(call, Permissions.AnswerApprovals) is null)
            return NotFound(call.Name);
        // Only the key that is nobody's lets its user say a name.
        var account = call.Caller.Account?.Name;
        var by = account ?? (string.IsNullOrWhiteSpace(input.By) ? UnnamedOperator : input.By);
        var reply = await desk.AnswerAsync(
            call.Name, isApproved, new Approver(by, account), input.Comment, call.Aborted);
        return reply.Kind switch
        {
            ApprovalReplyKind.Answered =>
                AdminResponse.Ok(View(reply.Approval!, clock.NowMs()), ApprovalJson.Default.ApprovalView),
            ApprovalReplyKind.AlreadyAnswered => AlreadyAnswered(reply.Approval!),
            ApprovalReplyKind.ApprovedByThemBefore => Problems.Of(StatusCodes.Status409Conflict,
                "Another person is needed",
                $"It needs {reply.Approval!.ApprovalsNeeded} different people to approve it, and you have."),
            ApprovalReplyKind.Expired => Problems.Of(StatusCodes.Status409Conflict, "Expired",
                "Nobody answered in time. The agent asks anew when it calls again."),
            _ => NotFound(call.Name),
        };
    }

    private async ValueTask<Approval?> FindAsync(AdminCall call, Permissions permission) =>
        await desk.FindAsync(call.Name, call.Aborted) is { } approval && call.May(permission, approval.Server)
            ? approval
            : null;

    private ApprovalView View(Approval approval, long nowMs)
    {
        JsonElement? arguments = approval.Arguments is null
            ? null
            : JsonElement.Parse(approval.Arguments, new JsonDocumentOptions { MaxDepth = options.DepthMax });
        return new ApprovalView(
            approval.Id,
            JsonNamingPolicy.CamelCase.ConvertName(approval.StateAt(nowMs).ToString()),
            approval.Grant,
            approval.Server,
            approval.Tool,
            approval.Rule,
            approval.Reason,
            arguments,
            approval.ArgumentsSha256,
            Time(approval.AskedMs),
            Time(approval.ExpiresMs),
            approval.AnsweredMs is { } answered ? Time(answered) : null,
            approval.AnsweredBy,
            approval.Comment,
            approval.UsedMs is { } used ? Time(used) : null,
            approval.CallId,
            approval.ApprovalsNeeded,
            approval.Votes?.Select(static vote => new ApprovalVoteView(vote.By, Time(vote.AtMs))).ToList());
    }

    private static string? Wanted(AdminCall call, string name) =>
        (string?)call.Request.Query[name] is { Length: > 0 } value ? value : null;

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);

    private static string Place(ApprovalView view) => string.Create(
        CultureInfo.InvariantCulture, $"{view.Asked.ToUnixTimeMilliseconds():D15}/{view.Id}");

    private static AdminResponse AlreadyAnswered(Approval approval) => Problems.Of(
        StatusCodes.Status409Conflict, "Answered already",
        $"{approval.AnsweredBy} has {(approval.State == ApprovalState.Denied ? "denied" : "approved")} it already.");

    private static AdminResponse NotFound(string id) => Problems.NotFound("approval", id);
}
