using Gateway.Mcp.Protocol;
using Gateway.Proxy.Apps;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Extensions;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Tasks;

/// <summary>The rewriters of the response to a call, by its method.</summary>
internal static class CallRewriters
{
    /// <summary>Returns the rewriter; null if the response passes unchanged.</summary>
    public static IMessageRewriter? Of(CallContext call, TaskHandles handles, PinnedTools pinned)
    {
        if (AppContents.IsRead(call.Message)
            && AppFilter.Of(call.Binding.Policy, pinned, showsApps: null) is { } apps)
            return RewriterPair.Of(new AppContents(apps, call.Message.Id), call.Rewriter);
        if (ServerCapabilities.IsIn(call.Message.Method))
        {
            return RewriterPair.Of(
                new ServerCapabilities(
                    call.Binding.Policy, call.Message.Method, call.Server.Tasks is { HasAfter: true }),
                call.Rewriter);
        }

        var isCreating = call.Message.Method == McpMethods.ToolsCall;
        if (!isCreating && call.Tasks is null && call.Message.Method != McpMethods.SubscriptionsListen)
            return call.Rewriter;
        var rewriter = new TaskRewriter(
            handles, TaskHandles.CallerOf(call.Grant), call.Server, call.Tasks,
            isCreating
                ? _ => id => new TaskHandle(call.ServerName, call.Message.Name!, call.IdText, id) : null);
        return RewriterPair.Of(rewriter, call.Rewriter);
    }
}
