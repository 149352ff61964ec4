using System.Globalization;
using Gateway.Admin.Answers;
using Gateway.Audit.Reading;
using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Identity.Roles;

namespace Gateway.Admin.Records;

/// <summary><c>/audit</c>: what this gateway has decided.</summary>
internal sealed class AuditRoutes(IControlStore store, GatewayOptions options)
{
    private readonly AuditReader _audit = new(Path.Combine(options.DataDirectory, "audit"));

    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/audit", Permissions.Read, "Shows audit records of this process's log.", ShowAsync)
        {
            Gives = () => RecordJson.Default.AuditPage, Query = AuditQuery.Parameters,
        },
    ];

    private Task<AdminResponse> ShowAsync(AdminCall call)
    {
        var parameters = call.Request.Query;
        if (AuditQuery.Read(parameters, out var problem) is not { } query)
            return Task.FromResult(Problems.Unreadable(problem));
        var isTail = int.TryParse(
            parameters["tail"], NumberStyles.None, CultureInfo.InvariantCulture, out var tail);
        // Reading files may take a while, and the request's thread is not for that.
        return Task.Run(() => AdminResponse.Ok(
            (isTail
                ? _audit.Tail(query, Math.Min(tail, Pages.LimitMax), parameters["before"])
                : _audit.Read(query, parameters["cursor"], Pages.Limit(call.Request)))
            with
            {
                Frontend = Environment.MachineName,
                Others = store.IsShared,
            },
            RecordJson.Default.AuditPage));
    }
}
