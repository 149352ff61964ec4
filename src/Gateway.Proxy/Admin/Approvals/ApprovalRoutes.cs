using System.Globalization;
using System.Text.Json;
using Gateway.Limits;
using Gateway.Proxy.Admin.Answers;
using Gateway.Proxy.Approvals;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Admin.Approvals;

/// <summary><c>/approvals</c>: what agents ask for, and the answers. Of two who answer, the first one does.</summary>
internal sealed class ApprovalRoutes(ApprovalDesk desk, ProcessClock clock, GatewayOptions options)
{
    private const string UnnamedOperator = "An operator";

    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/approvals", "Lists requests for approval, the oldest first.", ListAsync)
        {
            Gives = typeof(PageView<ApprovalView>),
            Query =
            [
                ("state", "Only these: open, approved, denied, used or expired."), ("grant", "Only this grant's."),
            ],
        },
        new("GET", "/approvals/{name}", "Shows a request by its id.", ShowAsync) { Gives = typeof(ApprovalView) },
        new("POST", "/approvals/{name}/approve", "Lets the call go ahead, once.", ApproveAsync)
        {
            Takes = typeof(ApprovalInput), Gives = typeof(ApprovalView),
        },
        new("POST", "/approvals/{name}/deny", "Denies the call; the agent reads the comment.", DenyAsync)
        {
            Takes = typeof(ApprovalInput), Gives = typeof(ApprovalView),
        },
    ];

    private async Task<AdminAnswer> ListAsync(AdminCall call)
    {
        var (state, grant) = (Wanted(call, "state"), Wanted(call, "grant"));
        var nowMs = clock.NowMs();
        var views = (await desk.ListAsync(call.Aborted))
            .Select(approval => View(approval, nowMs))
            .Where(view => (state is null || view.State == state) && (grant is null || view.Grant == grant));
        return AdminAnswer.Ok(
            Pages.Cut(call.Request, views, Place), AdminJsonContext.Default.PageViewApprovalView);
    }

    private async Task<AdminAnswer> ShowAsync(AdminCall call) =>
        await desk.FindAsync(call.Name, call.Aborted) is { } approval
            ? AdminAnswer.Ok(View(approval, clock.NowMs()), AdminJsonContext.Default.ApprovalView)
            : NotFound(call.Name);

    private Task<AdminAnswer> ApproveAsync(AdminCall call) => ReplyAsync(call, isApproved: true);

    private Task<AdminAnswer> DenyAsync(AdminCall call) => ReplyAsync(call, isApproved: false);

    private async Task<AdminAnswer> ReplyAsync(AdminCall call, bool isApproved)
    {
        var (input, unreadable) = await call.ReadAsync(AdminJsonContext.Default.ApprovalInput);
        if (input is null)
            return unreadable!;
        if (input.By?.Length > ApprovalDesk.NameLengthMax || input.Comment?.Length > ApprovalDesk.CommentLengthMax)
        {
            return Problems.Invalid($"\"by\" has at most {ApprovalDesk.NameLengthMax} characters and \"comment\" at "
                + $"most {ApprovalDesk.CommentLengthMax}.");
        }

        var by = string.IsNullOrWhiteSpace(input.By) ? UnnamedOperator : input.By;
        var reply = await desk.AnswerAsync(call.Name, isApproved, by, input.Comment, call.Aborted);
        return reply.Kind switch
        {
            ApprovalReplyKind.Answered =>
                AdminAnswer.Ok(View(reply.Approval!, clock.NowMs()), AdminJsonContext.Default.ApprovalView),
            ApprovalReplyKind.AlreadyAnswered => AlreadyAnswered(reply.Approval!),
            ApprovalReplyKind.Expired => Problems.Of(StatusCodes.Status409Conflict, "Expired",
                "Nobody answered in time. The agent asks anew when it calls again."),
            _ => NotFound(call.Name),
        };
    }

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
            approval.CallId);
    }

    private static string? Wanted(AdminCall call, string name) =>
        (string?)call.Request.Query[name] is { Length: > 0 } value ? value : null;

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);

    private static string Place(ApprovalView view) => string.Create(
        CultureInfo.InvariantCulture, $"{view.Asked.ToUnixTimeMilliseconds():D15}/{view.Id}");

    private static AdminAnswer AlreadyAnswered(Approval approval) => Problems.Of(
        StatusCodes.Status409Conflict, "Answered already",
        $"{approval.AnsweredBy} has {(approval.State == ApprovalState.Denied ? "denied" : "approved")} it already.");

    private static AdminAnswer NotFound(string id) => Problems.NotFound("approval", id);
}
