using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Gateway.RateLimiting.Tests;

/// <summary>In the middleware of ASP.NET Core, as an application puts it there, over a real socket.</summary>
public sealed class MiddlewareTests
{
    [Fact]
    public async Task Two_servers_over_one_store_share_the_limit_of_a_user()
    {
        var (store, time) = (new SharedStore(), new ManualTime("2026-03-01T12:00:10Z"));
        await using var one = new Engine(isShared: true, store, time);
        await using var two = new Engine(isShared: true, store, time);
        await using var first = await StartAsync(one);
        await using var second = await StartAsync(two);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var statuses = new List<HttpStatusCode>();

        for (var i = 0; i < 6; i++)
            statuses.Add((await GetAsync(i % 2 == 0 ? first : second, "anna")).StatusCode);
        var other = await GetAsync(first, "berta");
        var refused = await GetAsync(second, "anna");

        Assert.Equal(3, statuses.Count(static status => status == HttpStatusCode.OK));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(53));

        Task<HttpResponseMessage> GetAsync(WebApplication app, string user) =>
            client.GetAsync(new Uri($"{app.Urls.Single()}/?user={user}"));
    }

    private static async Task<WebApplication> StartAsync(Engine engine)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.GlobalLimiter = engine.Partitioned<HttpContext>(static http =>
                new ExactLimit("shop", "requests", 3, "minute", partition: http.Request.Query["user"].ToString()));
            options.OnRejected = static (context, _) =>
            {
                if (context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter))
                    context.HttpContext.Response.Headers.RetryAfter = $"{Math.Ceiling(retryAfter.TotalSeconds)}";
                return ValueTask.CompletedTask;
            };
        });
        var app = builder.Build();
        app.UseRateLimiter();
        app.MapGet("/", static () => "served");
        await app.StartAsync();
        return app;
    }
}
