using System.Globalization;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Approvals.Requests;
using Gateway.Control.Options;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Approvals;

/// <summary><c>/approvals</c>: what agents ask for, and the answers. Of two who answer, the first one does.</summary>
internal sealed class ApprovalRoutes(ApprovalService desk, ProcessClock clock, GatewayOptions options)
{
    private const string UnnamedOperator = "An operator";

    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/approvals", "Lists requests for approval, the oldest first.", ListAsync)
        {
            Gives = ApprovalJson.Default.PageViewApprovalView,
            Query =
            [
                ("state", "Only these: open, approved, denied, used or expired."), ("grant", "Only this grant's."),
            ],
        },
        new("GET", "/approvals/{name}", "Shows a request by its id.", ShowAsync)
        {
            Gives = ApprovalJson.Default.ApprovalView,
        },
        new("POST", "/approvals/{name}/approve", "Lets the call go ahead, once.", ApproveAsync)
        {
            Takes = ApprovalJson.Default.ApprovalInput, Gives = ApprovalJson.Default.ApprovalView,
        },
        new("POST", "/approvals/{name}/deny", "Denies the call; the agent reads the comment.", DenyAsync)
        {
            Takes = ApprovalJson.Default.ApprovalInput, Gives = ApprovalJson.Default.ApprovalView,
        },
    ];

    private async Task<AdminResponse> ListAsync(AdminCall call)
    {
        var (state, grant) = (Wanted(call, "state"), Wanted(call, "grant"));
        var nowMs = clock.NowMs();
        var views = (await desk.ListAsync(call.Aborted))
            .Select(approval => View(approval, nowMs))
            .Where(view => (state is null || view.State == state) && (grant is null || view.Grant == grant));
        return AdminResponse.Ok(
            Pages.Cut(call.Request, views, Place), ApprovalJson.Default.PageViewApprovalView);
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call) =>
        await desk.FindAsync(call.Name, call.Aborted) is { } approval
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

        var by = string.IsNullOrWhiteSpace(input.By) ? UnnamedOperator : input.By;
        var reply = await desk.AnswerAsync(call.Name, isApproved, by, input.Comment, call.Aborted);
        return reply.Kind switch
        {
            ApprovalReplyKind.Answered =>
                AdminResponse.Ok(View(reply.Approval!, clock.NowMs()), ApprovalJson.Default.ApprovalView),
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

    private static AdminResponse AlreadyAnswered(Approval approval) => Problems.Of(
        StatusCodes.Status409Conflict, "Answered already",
        $"{approval.AnsweredBy} has {(approval.State == ApprovalState.Denied ? "denied" : "approved")} it already.");

    private static AdminResponse NotFound(string id) => Problems.NotFound("approval", id);
}
