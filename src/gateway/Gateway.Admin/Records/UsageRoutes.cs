using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Usage.Asking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Records;

/// <summary><c>/usage</c>: shows calls and refusals over time, of all frontends.</summary>
internal sealed class UsageRoutes(UsageReader usage) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/usage", ShowAsync).Requires(Permissions.Read, RoleScope.EachServer)
            .WithSummary("Shows calls, refusals, failed calls, durations and the use of limits over time, of all "
                + "frontends.").Produces<UsageAnswer>()
            .WithQuery(UsageQuestion.Parameters);
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        if (usage.Read(name => call.Request.Query[name], out var problem) is not { } question)
            return Problems.Unreadable(problem);
        if (question.NeedsLog && !call.May(Permissions.Read, null))
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "Not allowed",
                "Figures by caller come from the audit log, which requires a role for all servers. "
                + "Ask an administrator.");
        }

        // Reading files may take a while, so it does not run on the request's thread.
        return await Task.Run(async () =>
        {
            var answer = await usage.AnswerAsync(
                question, server => call.May(Permissions.Read, server), call.Aborted);
            if (question.By == UsageBy.Server)
                answer = answer with { Rows = [.. answer.Rows.Select(Renamed)] };
            return AdminResponse.Ok(answer, RecordJson.Default.UsageAnswer);
        });

        UsageRow Renamed(UsageRow row) => row with { Name = call.State.Names.Shown(row.Name) };
    }
}
