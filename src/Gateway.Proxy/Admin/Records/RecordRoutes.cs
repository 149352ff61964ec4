using System.Reflection;
using Gateway.Proxy.Admin.Answers;

namespace Gateway.Proxy.Admin.Records;

/// <summary><c>/status</c>: how the gateway stands.</summary>
internal sealed class RecordRoutes(StatusReport status)
{
    public static readonly string Release =
        typeof(RecordRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "unknown";

    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/status", "Says how the gateway stands.", StatusAsync) { Gives = typeof(StatusView) },
    ];

    private Task<AdminAnswer> StatusAsync(AdminCall call) => Task.FromResult(
        AdminAnswer.Ok(status.Of(call.State), AdminJsonContext.Default.StatusView));
}
