namespace Gateway.Catalogue.Indexing;

/// <summary>The place of a word in an entry; the best one if there are several.</summary>
internal enum WordPlace
{
    /// <summary>The description.</summary>
    Description,

    /// <summary>The name of its server.</summary>
    Server,

    /// <summary>The title.</summary>
    Title,

    /// <summary>The name.</summary>
    Name,
}
