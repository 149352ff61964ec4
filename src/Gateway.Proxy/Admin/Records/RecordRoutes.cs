using System.Globalization;
using System.Reflection;
using Gateway.Proxy.Admin.Answers;

namespace Gateway.Proxy.Admin.Records;

/// <summary><c>/status</c> and <c>/audit</c>: how the gateway stands, and what it has decided.</summary>
internal sealed class RecordRoutes(StatusReport status, GatewayOptions options)
{
    public static readonly string Release =
        typeof(RecordRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "unknown";

    private readonly AuditReader _audit = new(Path.Combine(options.DataDirectory, "audit"));

    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/status", "Says how the gateway stands.", StatusAsync) { Gives = typeof(StatusView) },
        new("GET", "/audit", "Shows audit records of this process's log.", AuditAsync)
        {
            Gives = typeof(AuditPage), Query = AuditQuery.Parameters,
        },
    ];

    private Task<AdminAnswer> StatusAsync(AdminCall call) => Task.FromResult(
        AdminAnswer.Ok(status.Of(call.State), AdminJsonContext.Default.StatusView));

    private Task<AdminAnswer> AuditAsync(AdminCall call)
    {
        var parameters = call.Request.Query;
        if (AuditQuery.Read(parameters, out var problem) is not { } query)
            return Task.FromResult(Problems.Unreadable(problem));
        var isTail = int.TryParse(
            parameters["tail"], NumberStyles.None, CultureInfo.InvariantCulture, out var tail);
        // Reading files may take a while, and the request's thread is not for that.
        return Task.Run(() => AdminAnswer.Ok(
            isTail
                ? _audit.Tail(query, Math.Clamp(tail, 1, Pages.LimitMax))
                : _audit.Read(query, parameters["cursor"], Pages.Limit(call.Request)),
            AdminJsonContext.Default.AuditPage));
    }
}
