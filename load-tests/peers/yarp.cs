#:sdk Microsoft.NET.Sdk.Web
#:package Yarp.ReverseProxy
#:property PublishAot=false
#:property OutputType=Exe

// YARP with ASP.NET's rate limiter: yarp URL UPSTREAM MAX. At most MAX requests a minute for each value of
// Authorization, counted in memory.
using System.Threading.RateLimiting;
using Yarp.ReverseProxy.Configuration;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[0]);
builder.Services.AddRateLimiter(options =>
{
    options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
    options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetFixedWindowLimiter(http.Request.Headers.Authorization.ToString(), _ =>
            new FixedWindowRateLimiterOptions { PermitLimit = int.Parse(args[2]), Window = TimeSpan.FromMinutes(1) }));
});
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "mcp", ClusterId = "mcp", Match = new RouteMatch { Path = "{**rest}" } }],
    [
        new ClusterConfig
        {
            ClusterId = "mcp",
            Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = args[1] } },
        },
    ]);
var app = builder.Build();
app.UseRateLimiter();
app.MapReverseProxy();
app.Run();
