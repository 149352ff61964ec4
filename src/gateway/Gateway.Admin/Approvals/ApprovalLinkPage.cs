using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Pages;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Telling;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Admin.Approvals;

/// <summary>
/// Where a link of a message leads. To open it changes nothing, as previews and scanners of mail open links too.
/// Without a sign-in one may deny there, and not approve: agents read mail, and some scanners press buttons.
/// </summary>
internal sealed class ApprovalLinkPage(
    ApprovalLinks links, ApprovalService approvals, ApprovalRecord record, DocumentCache documents,
    ProcessClock clock)
{
    private const int FormBytesMax = 8192;

    /// <summary>Shows the page, or takes the denial.</summary>
    public async Task AnswerAsync(HttpContext http, string token)
    {
        try
        {
            var snapshot = await documents.ReadAsync(http.RequestAborted);
            var link = links.Open(token, snapshot, clock.NowMs());
            var approval = link is { } known ? await approvals.FindAsync(known.ApprovalId, http.RequestAborted) : null;
            if (approval is null)
                await OverAsync(http, "This link is none of this gateway's, or its time is over.");
            else if (approval.StateAt(clock.NowMs()) != ApprovalState.Open)
                await OverAsync(http, "Somebody has answered, or nobody did in time. Nothing is left to do here.");
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
                "The gateway cannot reach its store. Nothing was changed that you see; load the page again.");
        }
    }

    private static Task OverAsync(HttpContext http, string text) =>
        HtmlPage.ErrorAsync(http, StatusCodes.Status410Gone, "Nothing waits here", text);

    // No argument is shown to whoever has the link alone.
    private static Task ShowAsync(HttpContext http, Approval approval) =>
        HtmlPage.WriteAsync(http, StatusCodes.Status200OK, "An agent waits for approval", $"""
            <p><strong>{Shown(approval.Grant)}</strong> asks to call <strong>{Shown(approval.Tool)}</strong> on
            <strong>{Shown(approval.Server)}</strong>.</p>
            <p>{Shown(approval.Reason)}</p>
            <p class="dim">Answer before {HtmlPage.Text(RefusalTime(approval.ExpiresMs))}.</p>
            <p><a href="../../console/#/approvals/{HtmlPage.Text(approval.Id)}">Sign in to see the arguments, and
            approve or deny</a></p>
            <form method="post">
            <label for="comment">Deny without signing in. Why; the agent reads it:</label>
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
            await HtmlPage.ErrorAsync(http, StatusCodes.Status400BadRequest, "Not from this page",
                "The form cannot be read. Load the page again.");
            return;
        }

        var reply = await approvals.AnswerAsync(
            approval.Id, new Approver(ByLink(http, link), null),
            new GivenAnswer(IsApproved: false, comment), http.RequestAborted);
        if (reply.Kind == ApprovalReplyKind.Answered)
            await HtmlPage.WriteAsync(
                http, StatusCodes.Status200OK, "Denied", "<p>The agent is told so. You can close this page.</p>");
        else
            await OverAsync(http, "Somebody has answered meanwhile.");
    }

    private static Actor ByLink(HttpContext http, ApprovalLink link) =>
        Caller.ActorAt(http, $"a link of the channel {link.Channel}", $"channel {link.Channel}") with
        {
            Credential = "link",
        };

    private static string Shown(string text) => HtmlPage.Text(VisibleText.Of(text));

    private static string RefusalTime(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString(
        "yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
}
