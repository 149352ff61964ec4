using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Pages;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Mcp.Writing;
using Gateway.Policy.Text;
using Gateway.Proxy.Approvals.Notices;
using Gateway.Proxy.Approvals.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Admin.Approvals;

/// <summary>
/// The page that a link in a message opens. Opening it changes nothing, because previews and mail scanners open links
/// too. Without a sign-in, a person can deny there but not approve: agents read mail, and some scanners press buttons.
/// </summary>
internal sealed class ApprovalLinkPage(
    ApprovalLinks links, ApprovalService approvals, ApprovalRecord record, DocumentCache documents,
    ProcessClock clock)
{
    private const int FormBytesMax = 8192;

    /// <summary>Shows the page, or processes the denial.</summary>
    public async Task AnswerAsync(HttpContext http, string token)
    {
        try
        {
            var snapshot = await documents.ReadAsync(http.RequestAborted);
            var link = links.Open(token, snapshot, clock.NowMs());
            var approval = link is { } known ? await approvals.FindAsync(known.ApprovalId, http.RequestAborted) : null;
            if (approval is null)
                await OverAsync(http, "This link is not valid at this gateway, or has expired.");
            else if (approval.StateAt(clock.NowMs()) != ApprovalState.Open)
                await OverAsync(http, "This request was already decided, or has expired. No action is needed.");
            else if (HttpMethods.IsPost(http.Request.Method))
                await DenyAsync(http, approval, link!.Value);
            else
            {
                await record.ViewedAsync(approval, ByLink(http, link!.Value), clock.NowMs());
                await ShowAsync(http, approval);
            }
        }
        catch (ControlStoreException)
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, "Try again later",
                "The gateway cannot reach its store. Nothing was changed; reload the page.");
        }
    }

    private static Task OverAsync(HttpContext http, string text) =>
        HtmlPage.ErrorAsync(http, StatusCodes.Status410Gone, "Request closed", text);

    // Possession of the link alone must not reveal the arguments.
    private static Task ShowAsync(HttpContext http, Approval approval) =>
        HtmlPage.WriteAsync(http, StatusCodes.Status200OK, "Approval request", $"""
            <p><strong>{Shown(approval.Grant)}</strong> wants to call <strong>{Shown(approval.Tool)}</strong> on
            <strong>{Shown(approval.Server)}</strong>.</p>
            <p>{Shown(approval.Reason)}</p>
            <p class="dim">The request expires at {HtmlPage.Text(RefusalTime(approval.ExpiresMs))}.</p>
            <p><a href="../../console/#/approvals/{HtmlPage.Text(approval.Id)}">Sign in to see the arguments
            and decide</a></p>
            <form method="post">
            <p>You can deny the request without signing in.</p>
            <label for="comment">Reason (optional, sent to the agent)</label>
            <input id="comment" name="comment" maxlength="{ApprovalService.CommentLengthMax}">
            <div class="row"><button>Deny</button></div>
            </form>
            """);

    private async Task DenyAsync(HttpContext http, Approval approval, ApprovalLink link)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = FormBytesMax;
        string? comment;
        try
        {
            comment = (await http.Request.ReadFormAsync(http.RequestAborted))["comment"];
        }
        catch (Exception e) when (e is BadHttpRequestException or InvalidDataException or InvalidOperationException)
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status400BadRequest, "Form not accepted",
                "The form cannot be read. Reload the page.");
            return;
        }

        var reply = await approvals.AnswerAsync(
            approval.Id, new Approver(ByLink(http, link), null),
            new GivenAnswer(IsApproved: false, comment), http.RequestAborted);
        if (reply.Kind == ApprovalReplyKind.Answered)
            await HtmlPage.WriteAsync(
                http, StatusCodes.Status200OK, "Denied", "<p>The agent is notified. You can close this page.</p>");
        else
            await OverAsync(http, "Someone else has already decided this request.");
    }

    private static Actor ByLink(HttpContext http, ApprovalLink link) =>
        AdminCaller.ActorAt(http, $"a link of the channel {link.Channel}", $"channel {link.Channel}") with
        {
            Credential = "link",
        };

    private static string Shown(string text) => HtmlPage.Text(VisibleText.Of(text));

    private static string RefusalTime(long unixMs) =>
        WrittenTime.Shown(DateTimeOffset.FromUnixTimeMilliseconds(unixMs));
}
