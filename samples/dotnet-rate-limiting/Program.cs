// Five requests a minute for each user, counted exactly: in one process over a journal in a folder, or in as many as there
// are over PostgreSQL:  ./run --store postgres://user@host/db
using System.Globalization;
using System.Threading.RateLimiting;
using Gateway.Limits.Engine;
using Gateway.RateLimiting;
using Gateway.Storage.Local.Journal;
using Gateway.Storage.Postgres;
using Gateway.Storage.Postgres.Connections;
using Microsoft.Extensions.Logging.Abstractions;

var builder = WebApplication.CreateSlimBuilder(args);
await using LocalEngine engine = builder.Configuration["store"] is { } database
    ? await PostgresBackend.OpenAsync(
        new PostgresOptions { Address = PostgresAddress.Parse(database) },
        strictWindows: false, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None)
    : await JournalEngine.OpenAsync(
        new JournalEngineOptions { DataDirectory = builder.Configuration["data"] ?? ".gateway" }, TimeProvider.System);

builder.Services.AddRateLimiter(options =>
{
    options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
    options.GlobalLimiter = new ExactPartitionedRateLimiter<HttpContext>(
        engine, engine.Clock,
        http => http.Request.Path == "/health"
            ? null
            : new ExactLimit("sample", "requests", 5, "minute", partition: http.Request.Query["user"]));
    options.OnRejected = (rejected, cancellationToken) =>
    {
        var response = rejected.HttpContext.Response;
        if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after))
            response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return rejected.Lease.TryGetMetadata(MetadataName.ReasonPhrase, out var reason)
            ? new ValueTask(response.WriteAsync(reason + "\n", cancellationToken))
            : ValueTask.CompletedTask;
    };
});

await using var app = builder.Build();
app.UseRateLimiter();
app.MapGet("/", (string? user) => $"served {user}\n");
app.MapGet("/health", () => "well\n");
await app.RunAsync();
