using Microsoft.AspNetCore.Http;

namespace Gateway.Identity.OAuth.ProtectedResource;

/// <summary>
/// Lets pages in browsers be clients (CORS). Never with credentials: no cookie is worth anything here.
/// </summary>
public static class CrossOrigin
{
    /// <summary>Lets a page of this origin, or of any, read the answer.</summary>
    public static void Allow(HttpResponse response, string origin = "*")
    {
        var headers = response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, Retry-After";
        if (origin != "*")
            headers.Vary = "Origin";
    }

    /// <summary>Whether a browser asks what a page may send.</summary>
    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <summary>Answers that question.</summary>
    public static void AnswerPreflight(HttpResponse response, string methods)
    {
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.AccessControlAllowMethods = methods;
        response.Headers.AccessControlAllowHeaders =
            "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name, "
            + "Last-Event-ID";
        response.Headers.AccessControlMaxAge = "600";
    }
}
