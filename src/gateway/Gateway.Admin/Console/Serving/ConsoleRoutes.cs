using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Console.Serving;

/// <summary><c>/console</c>: serves one page and its files. The page reads its data from the admin API.</summary>
public static class ConsoleRoutes
{
    // The permissions of the gateway's pages: no content from other hosts, no inline script or style, and no text
    // parsed as markup.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly Lazy<ConsoleFiles> Files = new(ConsoleFiles.Read);

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>
        /// Serves the console at the operators' listener. It needs no key, because the files contain no data of the
        /// gateway.
        /// </summary>
        public void MapConsole()
        {
            routes.MapMethods(
                "/console/{**name}", ["GET", "HEAD"],
                static http => AnswerAsync(http, http.GetRouteValue("name") as string))
                .GuardedBy(EndpointGuard.Operators);
            routes.MapMethods("/", ["GET", "HEAD"], static http =>
                {
                    http.Response.Redirect("console/");
                    return Task.CompletedTask;
                })
                .GuardedBy(EndpointGuard.Operators);
        }
    }

    private static Task AnswerAsync(HttpContext http, string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            if (http.Request.Path.Value!.EndsWith('/'))
            {
                Describe(http, ConsoleFiles.TypeOf("index.html"), "no-cache");
                return http.Response.WriteAsync(Files.Value.Index, http.RequestAborted);
            }

            // The redirect is relative, because a proxy may serve the gateway below another path.
            http.Response.Redirect("console/");
            return Task.CompletedTask;
        }

        var below = $"a/{Files.Value.Version}/";
        if (!name.StartsWith(below, StringComparison.Ordinal)
            || Files.Value.Assets.GetValueOrDefault(name[below.Length..]) is not { } file)
        {
            return NothingAsync(http);
        }

        Describe(http, ConsoleFiles.TypeOf(name), "public, max-age=31536000, immutable");
        return file.SendAsync(http);
    }

    private static void Describe(HttpContext http, string type, string caching)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = caching;
        http.Response.ContentType = type;
    }

    private static Task NothingAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(
            "There is nothing here. The console begins at /console/; reload it if the gateway was updated.\n",
            http.RequestAborted);
    }
}
