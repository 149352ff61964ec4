using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Role = Gateway.Admin.Identity.Roles.Role;

namespace Gateway.Server.Tests.Operators;

/// <summary>Every route of the admin API says what its caller must be allowed to do.</summary>
public sealed class PermissionTests
{
    /// <summary>Routes below <c>/api/v1</c> that nobody need be signed in for.</summary>
    private static readonly string[] Open = ["POST /session", "POST /session/passkey/options", "POST /session/passkey",
        "GET /session/ways", "GET /session/providers/{name}",
        "GET /session/providers/{name}/callback", "POST /session/first"];

    [Fact]
    public async Task Every_route_states_its_permission()
    {
        await using var bench = await AdminBench.StartAsync();

        var routes = Routes(bench).ToList();

        Assert.True(routes.Count > 40);
        Assert.Empty(routes.Where(static route => route.Metadata.GetMetadata<AdminRoute>() is null)
            .Select(static route => route.RoutePattern.RawText));
        Assert.Equal(Open, routes.Select(static route => route.Metadata.GetMetadata<AdminRoute>()!)
            .Where(static route => route.Permission == Permissions.None)
            .Select(static route => $"{route.Method} {route.Path}"));
    }

    [Fact]
    public async Task Every_route_refuses_whoever_has_no_role_but_what_is_their_own()
    {
        await using var bench = await AdminBench.StartAsync();
        var key = await bench.KeyOfAsync("nobody");

        foreach (var route in Routes(bench).Select(static one => one.Metadata.GetMetadata<AdminRoute>()!))
        {
            if (route.Method.Length == 0 || route.Permission is Permissions.None or Permissions.Self)
                continue;
            var path = route.Path[1..].Replace("{name}", "x", StringComparison.Ordinal)
                .Replace("{key}", "x", StringComparison.Ordinal)
                .Replace("{version}", "1", StringComparison.Ordinal);
            var reply = await bench.SendAsync(route.Method, path, new JsonObject(), key: key);
            Assert.Equal((route.Path, 403), (route.Path, reply.Status));
        }
    }

    [Fact]
    public async Task The_page_of_permissions_says_what_the_routes_do()
    {
        await using var bench = await AdminBench.StartAsync();
        var page = SourceTree.PathOf("docs", "reference", "permissions.md");
        var now = Page(Routes(bench).Select(static route => route.Metadata.GetMetadata<AdminRoute>()!));
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1")
            await File.WriteAllTextAsync(page, now);

        Assert.Equal(now.Split('\n'), (await File.ReadAllTextAsync(page)).Split('\n'));
    }

    private static IEnumerable<RouteEndpoint> Routes(AdminBench bench) => bench.Host.Services
        .GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(static route => route.RoutePattern.RawText!.StartsWith(AdminRoute.Root, StringComparison.Ordinal));

    private static string Page(IEnumerable<AdminRoute> routes)
    {
        var text = new StringBuilder("""
            # Permissions

            This page is generated from the routes of the admin API. `docs/how-to/operators.md` describes how operators get
            their roles.

            ## Roles
            | role | permissions |
            |---|---|

            """);
        foreach (var role in Role.Names)
            text.Append(CultureInfo.InvariantCulture, $"| `{role}` | {Role.Of(role)} |\n");
        text.Append("\n`Self` covers your own account, keys and sessions; it needs no role. `None` is signing in.\n\n"
            + $"## Routes below {AdminRoute.Root}\n"
            + "A role that is limited to a server (`approver:crm`) is sufficient where the list says so. It shows and "
            + "changes only the objects of that server.\n\n");
        foreach (var group in routes.Where(static route => route.Method.Length > 0)
            .OrderBy(static route => route.Path, StringComparer.Ordinal)
            .ThenBy(static route => route.Method, StringComparer.Ordinal)
            .GroupBy(static route => (route.Permission, IsLimited: route.Scope != RoleScope.Gateway))
            .OrderBy(static group => group.Key))
        {
            var limited = group.Key.IsLimited ? ", also for a role that is limited to a server" : "";
            text.Append(CultureInfo.InvariantCulture, $"- **{group.Key.Permission}**{limited}: ")
                .AppendJoin(", ", group.Select(static route => $"`{route.Method} {route.Path}`")).Append('\n');
        }

        return text.ToString();
    }
}
