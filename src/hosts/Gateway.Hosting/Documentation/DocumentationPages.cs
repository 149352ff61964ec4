using System.Collections.Frozen;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.StaticFiles;

namespace Gateway.Hosting.Documentation;

/// <summary>The documents of this version as pages, which docs/Gateway.Site generated during the build.</summary>
public static class DocumentationPages
{
    private const string Prefix = "docs/";
    private const string Policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly FileExtensionContentTypeProvider Types = new();

    private static readonly FrozenSet<string> Names = typeof(DocumentationPages).Assembly
        .GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>Serves them below <c>/docs</c> on the operators' address; they require no key.</summary>
        public void MapDocumentation()
        {
            routes.MapMethods(
                "/docs/{**name}", ["GET", "HEAD"],
                static http => AnswerAsync(http, http.GetRouteValue("name") as string))
                .GuardedBy(EndpointGuard.Operators);
        }
    }

    private static Task AnswerAsync(HttpContext http, string? name)
    {
        if (name is null && !http.Request.Path.Value!.EndsWith('/'))
        {
            // Relative, because the gateway may be served below another path prefix.
            http.Response.Redirect("docs/");
            return Task.CompletedTask;
        }

        var resource = Prefix + (string.IsNullOrEmpty(name) ? "index.html" : name);
        if (MovedTo(name) is { } moved && Names.Contains(Prefix + moved))
        {
            http.Response.Redirect($"../{moved}", permanent: true);
            return Task.CompletedTask;
        }

        if (!Names.Contains(resource) || !Types.TryGetContentType(resource, out var type))
            return NothingAsync(http);
        var isText = type.StartsWith("text/", StringComparison.Ordinal);
        http.Response.ContentType = isText ? $"{type}; charset=utf-8" : type;
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-cache";
        return new PackedFile(typeof(DocumentationPages).Assembly, resource).SendAsync(http);
    }

    // Alerts, bookmarks and log lines of releases up to 0.1 link to pages below "use".
    private static string? MovedTo(string? name) => name switch
    {
        "use/quick-start.html" => "tutorials/first-refusal.html",
        "use/configuration.html" => "reference/configuration.html",
        ['u', 's', 'e', '/', .. var page] => $"how-to/{page}",
        _ => null,
    };

    private static Task NothingAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(
            Names.Count > 0 ? "There is nothing here. The documents begin at /docs/.\n"
                : "This build has no documents. Read them in the folder docs of the source, or build the program with "
                    + "-c Release.\n", http.RequestAborted);
    }
}
