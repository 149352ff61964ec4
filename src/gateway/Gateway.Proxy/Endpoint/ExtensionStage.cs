using System.Text;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Extensions;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Tasks;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The stage that removes the extensions that the policy does not pass from the capabilities of the client, and
/// replaces the client's ids of tasks by the server's own. The rebuilt message is parsed as strictly as the client's,
/// and only that is evaluated and sent.
/// </summary>
internal sealed class ExtensionStage(MessageReading reading, TaskHandles handles)
    : IStage<NamedMessage, NegotiatedMessage>
{
    public ValueTask<StageResult<NegotiatedMessage>> RunAsync(NamedMessage input)
    {
        var (agent, policy) = (input.Agent, input.Agent.Grant.Bindings[input.Server.Name].Policy);
        var message = agent.Message;
        var body = ClientCapabilities.Filtered(message, agent.Revision, policy)
            ?? (message.Kind == McpMessageKind.Request ? null : WithServersId(input));
        var namesTasks = (message.Known is { PolicedBy: McpPolicing.Task } || message.ListensToTasks)
            && policy.Passes(KnownExtensions.Tasks);
        return body is null && !namesTasks
            ? new(new NegotiatedMessage(agent, input.Retry, input.Server, null))
            : RunAsync(input, body, namesTasks);
    }

    private byte[]? WithServersId(NamedMessage input) =>
        RelatedTask.ToServer(
            input.Agent.Message, text => Open(input, text) is { IsOwn: false } task ? task.Id : null);

    private async ValueTask<StageResult<NegotiatedMessage>> RunAsync(NamedMessage input, byte[]? body, bool namesTasks)
    {
        if (body is not null)
        {
            if (await ReadAsync(input.Agent, body) is not { } filtered)
                return StageEnd.Finished;
            input = input with { Agent = input.Agent with { Message = filtered } };
        }

        if (!namesTasks)
            return new NegotiatedMessage(input.Agent, input.Retry, input.Server, null);
        var agent = input.Agent;
        if (TaskFault.Of(agent.Message, agent.Revision) is { } fault)
        {
            await PlainResponse.FaultAsync(agent.Http, fault);
            return StageEnd.Finished;
        }

        var tasks = TasksOf(input);
        if (tasks.IsUnknown || tasks.Own is not null)
            return new NegotiatedMessage(agent, input.Retry, input.Server, tasks);
        if (await ReadAsync(agent, ToServer(input, tasks)) is not { } message)
            return StageEnd.Finished;
        MirroredHeaders.Set(agent.Http.Request.Headers, message, agent.Revision, null);
        return new NegotiatedMessage(agent with { Message = message }, input.Retry, input.Server, tasks);
    }

    private ValueTask<McpMessage?> ReadAsync(AgentMessage agent, byte[] body) =>
        reading.ReadOrRefuseAsync(agent.Http, agent.Grant, body, agent.Message.Id);

    private CallTasks TasksOf(NamedMessage input)
    {
        var message = input.Agent.Message;
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!message.ListensToTasks)
        {
            if (Open(input, message.Name!) is not { } task)
                return CallTasks.Unknown;
            known[task.Id] = message.Name!;
            return new CallTasks(task.Tool, known) { Own = task.IsOwn ? new OwnTask(task.CallId, task.Id) : null };
        }

        foreach (var text in ListenedTasks.Of(message))
        {
            if (Open(input, text) is not { } task)
                return CallTasks.Unknown;
            // The gateway's own tasks are not the server's to report: the client polls them.
            if (!task.IsOwn)
                known[task.Id] = text;
        }

        return new CallTasks(null, known);
    }

    private TaskHandle? Open(NamedMessage input, string text) =>
        handles.Open(TaskHandles.CallerOf(input.Agent.Grant), text) is { } task && task.Server == input.Server.Name
        && (!task.IsOwn || input.Agent.Revision == McpRevision.Stateless) ? task : null;

    private static byte[] ToServer(NamedMessage input, CallTasks tasks)
    {
        var message = input.Agent.Message;
        var body = message.Body.Span;
        if (!message.ListensToTasks)
        {
            return RawJson.Replace(
                body, RawJson.Find(body, "params", "taskId")!.Value, RawJson.Text(tasks.Handles.Keys.Single()));
        }

        // The result in a notification could not be evaluated by the rules of its tool: the client polls instead.
        if (input.Agent.Grant.Bindings[input.Server.Name].Policy.OtherMessages is not null)
            return CapabilityFilter.WithoutAt(body, "taskIds", "params", "notifications");
        var ids = string.Join(',', tasks.Handles.Keys.Select(static id => Encoding.UTF8.GetString(RawJson.Text(id))));
        return RawJson.Replace(
            body, ListenedTasks.Place(body)!.Value, Encoding.UTF8.GetBytes($"[{ids}]"));
    }
}
