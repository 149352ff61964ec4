using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Catalogue.Indexing;

/// <summary>Adds the search to a host.</summary>
public static class SearchServices
{
    /// <summary>Registers what is searched: registered and public servers.</summary>
    public static void AddCatalogueSearch(this IServiceCollection services)
    {
        services.AddSingleton<PublicCatalogue>();
        services.AddSingleton<RegisteredCatalogue>();
    }
}
