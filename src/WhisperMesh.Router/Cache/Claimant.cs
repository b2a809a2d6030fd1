using System.Globalization;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>Who makes a result, as its claim in Redis says.</summary>
/// <param name="Id">Its own.</param>
/// <param name="Detail">What the result will hold.</param>
/// <param name="Rank">How urgent the work is; 0 is the most urgent.</param>
internal sealed record Claimant(string Id, ResultDetail Detail, int Rank)
{
    public static Claimant New(ResultDetail detail, RequestClass requestClass) =>
        new(Guid.NewGuid().ToString("N"), detail, RankOf(requestClass));

    public static int RankOf(RequestClass requestClass) => requestClass switch
    {
        RequestClass.Live => 0,
        RequestClass.Bulk => 2,
        _ => 1,
    };

    /// <summary>Null for what is no claim of this version.</summary>
    public static Claimant? Parse(string? text) => text?.Split(' ') is [var id, ['w' or '-', 't' or '-'] detail, ['0' or '1' or '2'] rank]
        ? new Claimant(id, new ResultDetail(detail[0] == 'w', detail[1] == 't'), rank[0] - '0')
        : null;

    /// <summary>Whether its result will do for another request, and come soon enough.</summary>
    public bool Serves(Claimant other) => Detail.Covers(other.Detail) && Rank <= other.Rank;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Id} {(Detail.Words ? 'w' : '-')}{(Detail.Tokens ? 't' : '-')} {Rank}");
}
