namespace Proofsheet.Api.Data.Idempotency;

/// <summary>How an operation handles an Idempotency-Key. It is metadata of the route; the default is <see cref="InOneTransaction"/>.</summary>
internal sealed record IdempotencyMode(IdempotencyOrder Order, IdempotencyBody Body)
{
    public static readonly IdempotencyMode InOneTransaction = new(IdempotencyOrder.OneTransaction, IdempotencyBody.Buffered);
    public static readonly IdempotencyMode ClaimedFirst = new(IdempotencyOrder.ClaimFirst, IdempotencyBody.Buffered);
    public static readonly IdempotencyMode Repeatable = new(IdempotencyOrder.AnswerAfterwards, IdempotencyBody.Buffered);
    public static readonly IdempotencyMode RepeatableStream = new(IdempotencyOrder.AnswerAfterwards, IdempotencyBody.Streamed);
    public static readonly IdempotencyMode RepeatableFiles = new(IdempotencyOrder.AnswerAfterwards, IdempotencyBody.Files);
}

internal enum IdempotencyOrder
{
    /// <summary>The changes and the stored response are committed together.</summary>
    OneTransaction,

    /// <summary>
    /// The key is claimed in a separate transaction, then the handler runs. For operations that call another server, or count attempts that a
    /// rollback would undo, and that should not run in two processes at once.
    /// </summary>
    ClaimFirst,

    /// <summary>The handler may run twice without harm, so only its response is stored, once it is known.</summary>
    AnswerAfterwards,
}

/// <summary>How two bodies are compared.</summary>
internal enum IdempotencyBody
{
    /// <summary>Byte for byte, read before the handler.</summary>
    Buffered,

    /// <summary>Byte for byte, while the handler reads it.</summary>
    Streamed,

    /// <summary>The files of a multipart body, by name and content, because a client that retries uses another boundary.</summary>
    Files,
}
