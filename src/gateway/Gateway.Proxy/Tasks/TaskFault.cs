using System.Text;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Extensions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Tasks;

/// <summary>The errors for clients that must not use tasks in the way that they do.</summary>
internal static class TaskFault
{
    private static readonly byte[] Required = Encoding.UTF8.GetBytes(
        """{"requiredCapabilities":{"extensions":{""" + $"\"{KnownExtensions.Tasks}\":{{}}" + "}}}");

    /// <summary>Returns the error for a message that names tasks; null if there is none.</summary>
    public static McpFault? Of(McpMessage message, McpRevision revision)
    {
        if (revision != McpRevision.Stateless)
            return null;
        if (message.Method == McpMethods.TasksResult)
        {
            return new McpFault(StatusCodes.Status404NotFound, McpErrorCodes.MethodNotFound,
                $"{message.Method} is not part of this revision. Use {McpMethods.TasksGet}.", message.Id);
        }

        return ClientCapabilities.Declares(message, KnownExtensions.Tasks)
            ? null
            : new McpFault(StatusCodes.Status400BadRequest, McpErrorCodes.MissingClientCapability,
                $"The client did not declare the extension {KnownExtensions.Tasks} with this request.", message.Id)
            {
                Data = Required,
            };
    }
}
