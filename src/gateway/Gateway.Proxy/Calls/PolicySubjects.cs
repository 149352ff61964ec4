using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;

namespace Gateway.Proxy.Calls;

/// <summary>The mapping of messages to the subjects of a policy, by the table of methods.</summary>
internal static class PolicySubjects
{
    public static PolicySubject Of(McpMessage message) => message.PolicedBy switch
    {
        McpPolicing.Tool => PolicySubject.Tool,
        McpPolicing.Prompt => PolicySubject.Prompt,
        McpPolicing.Resource => PolicySubject.Resource,
        McpPolicing.Completion => message.Subject == McpSubject.Prompt ? PolicySubject.Prompt : PolicySubject.Template,
        McpPolicing.Task => PolicySubject.Task,
        McpPolicing.List => PolicySubject.List,
        McpPolicing.Opening => PolicySubject.Opening,
        // A stream that names no resource only reports changed lists; the resources that it names are evaluated one by
        // one.
        McpPolicing.Protocol or McpPolicing.Listen => PolicySubject.Allowed,
        McpPolicing.NotServed => PolicySubject.NotServed,
        McpPolicing.Unknown => PolicySubject.Other,
        _ => throw new NotSupportedException($"McpPolicing {message.PolicedBy} has no case here."),
    };
}
