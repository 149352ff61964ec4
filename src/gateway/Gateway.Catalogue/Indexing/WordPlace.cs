namespace Gateway.Catalogue.Indexing;

/// <summary>Where an entry has a word; the best of several.</summary>
internal enum WordPlace
{
    /// <summary>In its description.</summary>
    Description,

    /// <summary>In the name of its server.</summary>
    Server,

    /// <summary>In its title.</summary>
    Title,

    /// <summary>In its name.</summary>
    Name,
}
