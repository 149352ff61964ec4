using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Notifications.Channels;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Channels;

/// <summary>
/// Takes the buttons that people press in a Slack app's messages. Slack signs what it posts, and says who pressed; who
/// of them is which operator stands in the channel, and nobody else's button does anything: whoever is in a Slack
/// channel is no approver by that. What one may not do in the console one may not do here.
/// </summary>
internal sealed partial class SlackButtons(
    ChannelStore channels, ChannelSender sender, ApprovalService approvals, OperatorStore operators,
    DocumentCache documents, ProcessClock clock, ILogger<SlackButtons> logger)
{
    private const int BodyBytesMax = 64 * 1024;

    /// <summary>Answers within the three seconds that Slack waits; what the person reads of it follows.</summary>
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

    /// <summary>What the person is told; null where the message itself says it soon.</summary>
    private async ValueTask<string?> PressedAsync(
        HttpContext http, SlackApp app, Channel channel, SlackPress press)
    {
        var cancellationToken = http.RequestAborted;
        if (!app.People.TryGetValue(press.Person, out var name)
            || !operators.Current.Accounts.TryGetValue(name, out var account) || account.IsDisabled)
            return $"You ({press.Person}) are no operator that this channel knows. Nothing was changed.";
        if (await approvals.FindAsync(press.Approval, cancellationToken) is not { } approval
            || !account.Roles.Allows(Permissions.AnswerApprovals, approval.Server))
            return "You may not answer this request, or it is over. Nothing was changed.";
        var isApproved = press.Action == "approve";
        if (isApproved && !(channel.Document.IncludesArguments && MessageWriter.ShowsAll(approval.Arguments)))
            return "This message does not show all arguments: approve in the console. Nothing was changed.";
        var actor = Caller.ActorAt(http, $"{account.Name} at Slack", $"channel {channel.Name}") with
        {
            Credential = "slack",
            CredentialId = press.Person,
        };
        var reply = await approvals.AnswerAsync(
            approval.Id, new Approver(actor, account.Name) { AccountId = account.Id },
            new GivenAnswer(isApproved, null), cancellationToken);
        return reply.Kind switch
        {
            ApprovalReplyKind.Answered when reply.Approval!.StateAt(clock.NowMs()) == ApprovalState.Open =>
                $"You have approved; {reply.Approval.ApprovalsNeeded - reply.Approval.Votes!.Count} more must.",
            ApprovalReplyKind.Answered => null,
            ApprovalReplyKind.ApprovedByThemBefore => "You have approved it; another person must too.",
            ApprovalReplyKind.Grantor =>
                "You let this agent's client in, and the policy bars you from approving what it asks.",
            ApprovalReplyKind.NotFound or ApprovalReplyKind.AlreadyAnswered or ApprovalReplyKind.Expired
                or ApprovalReplyKind.OtherTerms or ApprovalReplyKind.NoStanding or ApprovalReplyKind.TooManyStanding
                or ApprovalReplyKind.NoSuggestion or ApprovalReplyKind.SameArguments =>
                "Somebody has answered, or nobody did in time. Nothing was changed.",
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
        "A request to the Slack app of the channel {Channel} is not Slack's, or is old")]
    private partial void LogForged(string channel);

    [LoggerMessage(2, LogLevel.Warning,
        "Who pressed a button in the channel {Channel} could not be told what came of it: {Problem}")]
    private partial void LogUnsaid(string channel, string? problem);
}
