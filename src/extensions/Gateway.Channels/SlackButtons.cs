using Gateway.Admin.Approvals;
using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Notifications.Channels;
using Gateway.Limits.Model;
using Gateway.Policy.Text;
using Gateway.Proxy.Approvals.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Channels;

/// <summary>
/// A handler for the buttons that people press in a Slack app's messages. Slack signs its requests and names the
/// person. The channel maps people to operators, and buttons pressed by anyone else have no effect: membership in a
/// Slack channel does not make an approver. The permissions are the same as in the console.
/// </summary>
internal sealed partial class SlackButtons(
    ChannelStore channels, ChannelSender sender, ApprovalService approvals, ApproverRoles approvers,
    DocumentCache documents, ProcessClock clock, ILogger<SlackButtons> logger)
{
    private const int BodyBytesMax = 64 * 1024;

    /// <summary>Responds within the three seconds that Slack allows; the text for the person follows later.</summary>
    public async Task AnswerAsync(HttpContext http, string name)
    {
        try
        {
            http.Response.StatusCode = await StatusAsync(http, name);
        }
        catch (ControlStoreException)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    private async Task<int> StatusAsync(HttpContext http, string name)
    {
        var snapshot = await documents.ReadAsync(http.RequestAborted);
        if (ChannelStore.Find(snapshot, name) is not { Document.Slack: { } app } channel)
            return StatusCodes.Status404NotFound;
        if (await BodyAsync(http) is not { } body)
            return StatusCodes.Status413PayloadTooLarge;
        var headers = http.Request.Headers;
        if (channels.Open(app.SealedSigningSecret, snapshot) is not { } secret
            || !SlackSignature.Fits(
                secret, headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"], body, clock.NowMs()))
        {
            LogForged(name);
            return StatusCodes.Status401Unauthorized;
        }

        if (SlackPress.Read(body) is not { } press)
            return StatusCodes.Status400BadRequest;
        if (press.Action is not ("approve" or "deny"))
            return StatusCodes.Status200OK;
        if (await PressedAsync(http, app, channel, press) is { } said && press.ReplyTo is { } address)
        {
            http.Response.OnCompleted(async () =>
            {
                var result = await sender.ReplyAsync(channel, address, said, snapshot);
                if (!result.IsDone)
                    LogUnsaid(name, result.Problem);
            });
        }

        return StatusCodes.Status200OK;
    }

    /// <summary>Returns the text for the person; null if the message itself will show the outcome soon.</summary>
    private async ValueTask<string?> PressedAsync(
        HttpContext http, SlackApp app, Channel channel, SlackPress press)
    {
        var cancellationToken = http.RequestAborted;
        if (!app.People.TryGetValue(press.Person, out var name)
            || approvers.Find(name) is not { } account)
            return $"You ({press.Person}) are not an operator of this channel. Nothing was changed.";
        if (await approvals.FindAsync(press.Approval, cancellationToken) is not { } approval
            || approvers.RightOf(account, approval.Server) is not { } right)
            return "You may not decide this request, or it is already closed. Nothing was changed.";
        var isApproved = press.Action == "approve";
        if (isApproved && !(channel.Document.IncludesArguments && MessageWriter.ShowsAll(approval.Arguments)))
            return "This message does not show all arguments: approve in the console. Nothing was changed.";
        var actor = AdminCaller.ActorAt(http, $"{account.Name} at Slack", $"channel {channel.Name}") with
        {
            Credential = "slack",
            CredentialId = press.Person,
        };
        var reply = await approvals.AnswerAsync(
            approval.Id, right.ApproverOf(actor), new GivenAnswer(isApproved, null), cancellationToken);
        return reply.Kind switch
        {
            ApprovalReplyKind.Answered when reply.Approval!.StateAt(clock.NowMs()) == ApprovalState.Open =>
                "You have approved; "
                + Spelling.Count(
                    (reply.Approval.ApprovalsNeeded ?? 1) - reply.Approval.Votes!.Count, "more person", "more people")
                + " must approve.",
            ApprovalReplyKind.Answered => null,
            ApprovalReplyKind.ApprovedByThemBefore or ApprovalReplyKind.Grantor or ApprovalReplyKind.Caller
                or ApprovalReplyKind.UnknownCaller when reply.About is not null =>
                "You decide for another person. Either that person's approval already counts, or the policy does "
                + "not let that person approve. The console shows the reason.",
            ApprovalReplyKind.ApprovedByThemBefore => "You have already approved; another person must approve too.",
            ApprovalReplyKind.Grantor =>
                "You authorized this agent's client, so the policy does not let you approve its requests.",
            ApprovalReplyKind.Caller => "You are the caller, so the policy does not let you approve this request.",
            ApprovalReplyKind.UnknownCaller =>
                "The policy does not let the caller approve this request, and the gateway cannot tell that you are "
                    + "not the caller. Approve in the console, which shows the reason.",
            ApprovalReplyKind.NotFound or ApprovalReplyKind.AlreadyAnswered or ApprovalReplyKind.Expired
                or ApprovalReplyKind.OtherTerms or ApprovalReplyKind.NoStanding or ApprovalReplyKind.TooManyStanding
                or ApprovalReplyKind.NoSuggestion or ApprovalReplyKind.SameArguments =>
                "This request is already decided, or it has expired. Nothing was changed.",
            _ => throw new NotSupportedException($"ApprovalReplyKind {reply.Kind} has no case here."),
        };
    }

    private static async Task<byte[]?> BodyAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > BodyBytesMax)
                return null;
        }

        return body.ToArray();
    }

    [LoggerMessage(1, LogLevel.Warning,
        "A request to the Slack app of the channel {Channel} was refused: it is not from Slack, or is too old")]
    private partial void LogForged(string channel);

    [LoggerMessage(2, LogLevel.Warning,
        "The person who pressed a button in channel {Channel} could not be notified of the result: {Problem}")]
    private partial void LogUnsaid(string channel, string? problem);
}
