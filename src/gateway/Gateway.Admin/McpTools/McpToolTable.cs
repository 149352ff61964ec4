using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Proxy.Approvals.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.McpTools;

/// <summary>
/// The tools of the MCP server for operators' agents. None of them decides an approval, resumes traffic, or changes a
/// policy or a secret; tools with such names return the link to the page where a person does it.
/// </summary>
internal sealed class McpToolTable(ApprovalOptions options)
{
    private const int RecordsUsual = 20;
    private const string Grant = "The grant's name.";
    private const string Server = "The server's name.";
    private const string Policy = "The policy's name.";
    private static readonly RouteAccess LinkAccess = new(Permissions.UseMcp, RoleScope.EachServer);

    /// <summary>Returns the tools that run these routes.</summary>
    /// <param name="routes">The routes of the process, including those of the admin API.</param>
    /// <param name="guard">Runs a handler if the caller has the access.</param>
    public IReadOnlyList<McpTool> Of(
        IReadOnlyCollection<Endpoint> routes, Func<HttpContext, RouteAccess, Func<AdminCall, Task>, Task> guard)
    {
        return [.. Reading(Find), .. Pausing(Find), .. Links(guard)];

        Endpoint Find(string method, string path) =>
            routes.Single(route => route.Method == method && route.Pattern == AdminRoute.Root + path);
    }

    private static IEnumerable<McpTool> Reading(Func<string, string, Endpoint> find) =>
    [
        new("get_status", "Get status",
            "Returns the gateway's health: readiness, problems, the limit engine, the audit log, each server's state, "
                + "grants refused in the last hour, open approvals and pauses.",
            find("GET", "/status")),
        new("search_records", "Search audit records",
            "Searches audit records: decisions on calls and their outcomes, changes by operators, approvals, "
                + $"sign-ins. Returns the last {RecordsUsual} unless \"tail\" or \"limit\" is given. The record of a "
                + "decision contains the rule that decided the call, and the reason, so \"callId\" shows why a call "
                + "was allowed or refused.",
            find("GET", "/audit"))
        {
            Default = ("tail", $"{RecordsUsual}"),
        },
        new("explain_call", "Explain a decision",
            "Evaluates a call without sending it, and returns each step: the rules in order, the outcome of each, and "
                + "the text that the agent would read. \"tool\" and \"arguments\" are the call. With \"grant\" and "
                + "\"server\" the gateway finds the policy; otherwise \"name\" names it. \"policy\" is a document to "
                + "try instead; \"at\" is a time (RFC 3339); \"caller\" is the identity of the caller: \"issuer\", "
                + "\"subject\", \"client\", \"act\" and \"claims\". Limits are shown, but the call is not counted.",
            find("POST", "/policies/{name}/explain"))
        {
            NameMeaning = Policy, IsNameOptional = true,
        },
        new("test_policy", "Run a policy's tests",
            "Runs the tests of a policy on unused counters, and returns each result. \"policy\" is a document to test "
            + "instead of the published one, and \"tests\" adds further tests. Changes nothing.",
            find("POST", "/policies/{name}/tests"))
        {
            NameMeaning = Policy,
        },
        new("diff_policy", "Compare policies",
            "Compares the edited document \"policy\" with the published policy, tool by tool: looser, tighter or "
                + "different. Changes nothing.",
            find("POST", "/policies/{name}/diff"))
        {
            NameMeaning = Policy, Document = "policy",
        },
        new("list_approvals", "List approvals",
            "Lists requests for approval with the arguments of their calls, the oldest first. The audit log records "
                + "that they were viewed.",
            find("GET", "/approvals")),
    ];

    private static IEnumerable<McpTool> Pausing(Func<string, string, Endpoint> find) =>
    [
        new("pause_everything", "Pause every call",
            "Refuses every call of every grant at once. Only a person can resume.", find("POST", "/pause"))
        {
            IsReadOnly = false,
        },
        new("pause_server", "Pause a server",
            "Refuses all calls to a server. Only a person can resume.", find("POST", "/servers/{name}/pause"))
        {
            NameMeaning = Server, IsReadOnly = false,
        },
        new("pause_grant", "Pause a grant",
            "Refuses all calls of a grant. Only a person can resume.", find("POST", "/grants/{name}/pause"))
        {
            NameMeaning = Grant, IsReadOnly = false,
        },
    ];

    private IEnumerable<McpTool> Links(Func<HttpContext, RouteAccess, Func<AdminCall, Task>, Task> guard)
    {
        return
        [
            Link("approve", "approvals", "approve a request", "The request's id."),
            Link("deny", "approvals", "deny a request", "The request's id."),
            Link("resume_everything", "overview", "resume every call", null),
            Link("resume_server", "servers", "resume a server", Server),
            Link("resume_grant", "grants", "resume a grant", Grant),
            Link("set_policy", "policies", "change a policy", Policy),
            Link("set_secret", "servers", "change a server's credential", Server),
        ];

        McpTool Link(string name, string page, string what, string? nameMeaning) => new(
            name, $"Link to {what}",
            $"Returns the link to the page where a person can {what}. This MCP server never does it itself.",
            new Endpoint(
                http => guard(http, LinkAccess, call => AdminResponse.Ok(
                    new McpLinkView(
                        Address(call, page, nameMeaning is null ? null : call.Name),
                        $"Nothing was changed. Only a person can {what}: give that person the link."),
                    McpJson.Default.McpLinkView).ExecuteAsync(call.Http)),
                new EndpointMetadataCollection(LinkAccess, new HttpMethodMetadata([HttpMethods.Post])), name))
        {
            NameMeaning = nameMeaning,
        };
    }

    private string Address(AdminCall call, string page, string? name)
    {
        var console = options.ConsoleUrl?.AbsoluteUri.TrimEnd('/') ?? $"{call.Request.Scheme}://{call.Request.Host}";
        return $"{console}/console/#/{page}{(name is null ? "" : $"/{Uri.EscapeDataString(name)}")}";
    }
}
