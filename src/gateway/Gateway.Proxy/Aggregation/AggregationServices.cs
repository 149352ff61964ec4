using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Lists;
using Gateway.Proxy.Aggregation.Raw;
using Gateway.Proxy.Aggregation.Sessions;
using Gateway.Proxy.Aggregation.Streams;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Aggregation;

/// <summary>The registration of the services for several servers at one address.</summary>
internal static class AggregationServices
{
    public static IServiceCollection AddAggregation(this IServiceCollection services) => services
        .AddSingleton<AggregateSessions>()
        .AddSingleton<ResourceUris>()
        .AddSingleton<HungServers>()
        .AddSingleton<InnerCalls>()
        .AddSingleton<Routes>()
        .AddSingleton<MergedLists>()
        .AddSingleton<MergedLimits>()
        .AddSingleton<MergedOpening>()
        .AddSingleton<Subscriptions>()
        .AddSingleton<SessionStreams>()
        .AddSingleton<IStage<RoutedMessage, NamedMessage>, AggregateNameStage>()
        .AddSingleton<AggregateRewrites>()
        .AddSingleton<AggregateRouter>()
        .AddSingleton<AggregateEndpoint>();
}
