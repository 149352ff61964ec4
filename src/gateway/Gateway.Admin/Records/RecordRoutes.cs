using Gateway.Admin.Answers;
using Gateway.Identity.Roles;

namespace Gateway.Admin.Records;

/// <summary><c>/status</c>: how the gateway stands.</summary>
internal sealed class RecordRoutes(StatusReport status)
{
    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/status", Permissions.Read,
            "Says how the gateway stands.", StatusAsync)
        {
            Gives = () => RecordJson.Default.StatusView,
        },
    ];

    private Task<AdminResponse> StatusAsync(AdminCall call) => Task.FromResult(
        AdminResponse.Ok(status.Of(call.State), RecordJson.Default.StatusView));
}
