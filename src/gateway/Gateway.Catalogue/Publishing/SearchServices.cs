using Gateway.Catalogue.Indexing;
using Gateway.Proxy.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Catalogue.Publishing;

/// <summary>The registration of the search with a host.</summary>
public static class SearchServices
{
    /// <summary>Registers the indexes of registered and public servers.</summary>
    public static void AddCatalogueSearch(this IServiceCollection services)
    {
        services.AddSingleton<PublicCatalogue>();
        services.AddSingleton<RegisteredCatalogue>();
        services.AddSingleton<IPublicServers, AllowedServers>();
    }
}
