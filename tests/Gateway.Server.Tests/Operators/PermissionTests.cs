using System.CodeDom.Compiler;
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
        "GET /session/providers/{name}/callback", "POST /session/first", "POST /session/invitation",
        "POST /session/invitation/passkey", "POST /session/invitation/provider", "POST /session/invitation/accept"];

    [Fact]
    public async Task Every_route_states_its_permission()
    {
        await using var bench = await AdminBench.StartAsync();

        var routes = Routes(bench).ToList();

        Assert.True(routes.Count > 40);
        Assert.Empty(routes.Where(static route => route.Metadata.GetMetadata<RouteAccess>() is null)
            .Select(static route => route.RoutePattern.RawText));
        Assert.Equal(Open, routes.Where(static route => route.Access.Permission == Permissions.None)
            .Select(static route => $"{route.Method} {PathOf(route)}"));
    }

    [Fact]
    public async Task Every_route_has_a_request_delegate_of_the_generator()
    {
        await using var bench = await AdminBench.StartAsync();

        Assert.Empty(Routes(bench).Where(static route => route.Metadata.GetMetadata<GeneratedCodeAttribute>() is null)
            .Select(static route => route.Pattern));
    }

    [Fact]
    public async Task Every_route_refuses_an_operator_without_a_role_except_for_their_own_account()
    {
        await using var bench = await AdminBench.StartAsync();
        var key = await bench.KeyOfAsync("nobody");

        foreach (var route in Routes(bench))
        {
            if (route.Method.Length == 0 || route.Access.Permission is Permissions.None or Permissions.Self)
                continue;
            var path = PathOf(route)[1..].Replace("{name}", "x", StringComparison.Ordinal)
                .Replace("{key}", "x", StringComparison.Ordinal)
                .Replace("{version}", "1", StringComparison.Ordinal);
            var reply = await bench.SendAsync(route.Method, path, new JsonObject(), key: key);
            Assert.Equal((path, 403), (path, reply.Status));
        }
    }

    [Fact]
    public async Task The_page_of_permissions_says_what_the_routes_do()
    {
        await using var bench = await AdminBench.StartAsync();
        var page = SourceTree.PathOf("docs", "reference", "permissions.md");
        var now = Page(Routes(bench));
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1")
            await File.WriteAllTextAsync(page, now);

        Assert.Equal(now.Split('\n'), (await File.ReadAllTextAsync(page)).Split('\n'));
    }

    private static IEnumerable<RouteEndpoint> Routes(AdminBench bench) => bench.Host.Services
        .GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(static route => route.RoutePattern.RawText!.StartsWith(AdminRoute.Root, StringComparison.Ordinal));

    private static string PathOf(Endpoint route) => route.Pattern[AdminRoute.Root.Length..];

    private static string Page(IEnumerable<Endpoint> routes)
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
            .OrderBy(PathOf, StringComparer.Ordinal)
            .ThenBy(static route => route.Method, StringComparer.Ordinal)
            .GroupBy(static route => (route.Access.Permission, IsLimited: route.Access.Scope != RoleScope.Gateway))
            .OrderBy(static group => group.Key))
        {
            var limited = group.Key.IsLimited ? ", also for a role that is limited to a server" : "";
            text.Append(CultureInfo.InvariantCulture, $"- **{group.Key.Permission}**{limited}: ")
                .AppendJoin(", ", group.Select(static route => $"`{route.Method} {PathOf(route)}`")).Append('\n');
        }

        return text.ToString();
    }
}
