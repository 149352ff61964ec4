using Gateway.Admin.Answers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Admin;

/// <summary>The OpenAPI document of the admin API, which the program contains as it was generated.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_is_what_the_endpoints_generate()
    {
        await using var bench = await AdminBench.StartAsync();

        var endpoints = bench.Host.Services.GetRequiredService<EndpointDataSource>();

        var generated = await OpenApiGenerator.GenerateAsync(endpoints);

        GeneratedFile.AssertCurrent(_ => generated, "src", "gateway", "Gateway.Admin", "Answers", "openapi.json");
    }

    [Fact]
    public async Task Served_document_has_one_operation_for_each_route()
    {
        await using var bench = await AdminBench.StartAsync();
        var routes = bench.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(static one => one.Metadata.GetMetadata<RouteAccess>() is not null && one.Method.Length > 0)
            .Select(static one => $"{one.Method.ToLowerInvariant()} {one.Pattern}");

        var document = JsonNode.Parse(await bench.Client.GetStringAsync("/openapi/v1.json"))!;

        var operations = document["paths"]!.AsObject().SelectMany(static path => path.Value!.AsObject()
            .Select(one => (Name: $"{one.Key} {path.Key}", Id: (string?)one.Value!["operationId"]))).ToList();
        Assert.Equal(
            routes.Order(StringComparer.Ordinal),
            operations.Select(static one => one.Name).Order(StringComparer.Ordinal));
        Assert.Distinct(operations.Select(static one => one.Id));
        Assert.Contains("getGrantsName", operations.Select(static one => one.Id));
    }
}
